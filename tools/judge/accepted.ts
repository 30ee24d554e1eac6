/** Verdicts of the toolkit that we do not share, each with its reason. */
export const acceptedDifferences: readonly { readonly test: RegExp; readonly said: RegExp; readonly why: string }[] = [
  {
    test: /^(DependsOn Best Practices|IDs Should Be Derived|Secure Params In Nested)/,
    said: /Cannot bind argument to parameter 'InputObject' because it is null/,
    why: 'the toolkit itself stops at a template without resources',
  },
  {
    test: /^(DeploymentTemplate Schema Is Correct|DeploymentTemplate Must Not Contain|Location Should Not Be)/,
    said: /toolkit: .*(unexpected Schema|hardcoded reference|must use the location parameter)/s,
    why: 'the toolkit looks into the template of a policy definition, and keeps a nested template that stands twice',
  },
  {
    test: /^Parameter Types Should Be Consistent$/,
    said: /grandchild/,
    why: 'a nested template inside a nested template, which no playbook has',
  },
  {
    test: /^Allowed Values Should Actually Be Allowed$/,
    said: /goes nowhere/,
    why: 'the toolkit keeps the output that it found for the control before',
  },
];
