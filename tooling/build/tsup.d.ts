/** A package: ESM, declarations and source maps. Keys of `entry` are file names in dist. */
export declare const library: (entry?: Record<string, string>) => object

/** A program: no declarations. */
export declare const application: (entry?: Record<string, string>) => object
