/** The most memory that the process had when it was looked at. */
export class ResidentMemory {
  /** In megabytes. */
  most = 0

  look(): void {
    this.most = Math.max(this.most, process.memoryUsage.rss() / 1e6)
  }
}
