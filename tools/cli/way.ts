/** Where a Pulumi CLI is: the folder to put first on PATH, or nothing where PATH has it already. */
export interface FoundPulumi {
  readonly binFolder?: string;
}

/** One way to a CLI: where it is, or why this way is closed. */
export interface Way {
  readonly name: string;
  readonly find: (say: (line: string) => void, signal: AbortSignal) => Promise<FoundPulumi | { readonly closed: string }>;
}
