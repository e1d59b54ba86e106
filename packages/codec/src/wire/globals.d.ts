/*
 * What the codec uses of the platform beyond the language of `lib`. They are declared here because the sources compile without the types
 * of Node or of browsers (`"types": []`, no DOM library), so that nothing of either can leak in.
 */
declare class TextEncoder {
  encodeInto(text: string, target: Uint8Array): { read: number; written: number }
}
declare class TextDecoder {
  constructor(label: 'utf-8', options: { ignoreBOM: boolean; fatal?: boolean })
  decode(bytes: Uint8Array): string
}
/** ES2024; in every Node from 20 on. */
interface String {
  isWellFormed(): boolean
}
/** Every engine that Node runs on has it, unless it may not compile at run time. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    readonly exports: { readonly [name: string]: unknown }
    constructor(module: Module)
  }
  interface Memory {
    readonly buffer: ArrayBuffer
  }
}
