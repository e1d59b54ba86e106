/** Where the client says what it sees. `console` is one. Never told secrets. */
export interface Logger {
  debug?(message: string, details?: object): void
  info?(message: string, details?: object): void
  warn?(message: string, details?: object): void
  error?(message: string, details?: object): void
}
