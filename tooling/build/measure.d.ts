/** What is measured: one run does so many elements, by default one. */
export interface Subject {
  readonly name: string
  readonly elements?: number
  readonly run: () => unknown
}
/** Measures all, in turns, and prints of each the median time in nanoseconds per element. */
export declare const report: (subjects: readonly Subject[], unit: string) => void
/** Has idle processors kept awake until this process ends; `false` where that cannot be had. */
export declare const keepProcessorsAwake: () => boolean
