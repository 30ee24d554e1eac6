import { referenceTests } from './reference-tests.ts';
import { resourceTests } from './resource-tests.ts';
import type { ToolkitTest } from './test.ts';
import { valueTests } from './value-tests.ts';

/** The toolkit's tests that playbooks, connectors and packages can break; those about machines and portals are left out. */
export const toolkitTests: readonly ToolkitTest[] = [...resourceTests, ...referenceTests, ...valueTests];
