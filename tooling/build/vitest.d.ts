/** The test project of one package. */
export declare const testing: (name: string) => object
