/** How a soak is called. */
export declare const USAGE: string

/** The words of a soak, as a table for `readWords`. */
export declare const OPTIONS: {
  readonly seconds: { readonly type: 'string'; readonly default: string }
  readonly every: { readonly type: 'string'; readonly default: string }
  readonly seeds: { readonly type: 'string' }
  readonly control: { readonly type: 'string' }
  readonly changes: { readonly type: 'string'; readonly default: string }
  readonly namespace: { readonly type: 'string'; readonly default: string }
  readonly seed: { readonly type: 'string' }
  readonly help: { readonly type: 'boolean'; readonly default: boolean }
}
