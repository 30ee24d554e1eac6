import type { Report } from '../report.ts';

/** `{ok, findings:[{rule, level, file, pointer, message, help}], rules:[{id, source}]}`. Scripts may rely on these members. */
export function jsonReport({ ok, findings, rules }: Report): string {
  return JSON.stringify(
    {
      ok,
      findings: findings.map(({ rule, level, file, pointer, message, help }) => ({
        rule,
        level,
        file,
        pointer,
        message,
        help,
      })),
      rules: rules.map(({ id, source }) => ({ id, source })),
    },
    null,
    2,
  );
}
