/** Verdicts of the toolkit that we do not share, each with its reason. */
export const acceptedDifferences: readonly {
  readonly test: RegExp;
  /** Whether the reason holds for a file with this text. */
  readonly applies: (text: string) => boolean;
  readonly why: string;
}[] = [
  {
    test: /^(DeploymentTemplate Must Not Contain Hardcoded Uri|Location Should Not Be Hardcoded)$/,
    applies: (text) => /^\s*\/\//m.test(text) && /"scope"\s*:\s*"inner"/i.test(text),
    why: 'the toolkit cannot cut a nested template out of a file with comments and tests it as a part of the outer one; without the comments the verdicts are the same',
  },
];
