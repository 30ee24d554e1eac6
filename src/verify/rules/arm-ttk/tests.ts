import { referenceTests } from './reference-tests.ts';
import { resourceTests } from './resource-tests.ts';
import type { ToolkitTest } from './test.ts';
import { valueTests } from './value-tests.ts';

/** Tests of the toolkit that apply to playbooks, connectors and packages; not those about virtual machines and portals. */
export const toolkitTests: readonly ToolkitTest[] = [...resourceTests, ...referenceTests, ...valueTests];
