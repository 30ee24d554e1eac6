import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { playbooks } from '../../playbooks/index.ts';
import type { Config } from '../../src/config/config.ts';
import { defaultConfig } from '../../src/config/config.ts';
import { readPatchFile } from '../../src/config/patches.ts';
import { buildDefinition } from '../../src/connector/definition.ts';
import { loadConnectorSpec } from '../../src/connector/load.ts';
import { designerPictures, withPictures } from '../../src/generator/designer-pictures.ts';
import { patchedWorkflow } from '../../src/workflow/patch/patched.ts';
import {
  conditionPicture,
  fieldNames,
  parametersPicture,
  sendPicture,
  triggerPicture,
} from '../../src/workflow/picture/designer/pictures.ts';

const built = (name: string, config: Config = defaultConfig) => {
  const playbook = playbooks.find((one) => one.name === name);
  if (!playbook) throw new Error(`no playbook ${name}`);
  return playbook.build(config);
};
/** Texts of a picture, in the order that they are drawn in. */
const textsOf = (picture: string | undefined) =>
  [...(picture ?? '').matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, text = '']) =>
    text
      .replaceAll(/<[^>]+>/g, '')
      .replaceAll('&quot;', '"')
      .replaceAll('&gt;', '>')
      .replaceAll('&lt;', '<')
      .trim(),
  );
const send = built('SIGNL4-Send-Incident');

describe('pictures of the designer', () => {
  it('show a condition as its rows, with groups, and where to add one', () => {
    const texts = textsOf(conditionPicture(send, 'Should_somebody_be_paged')).join(' | ');
    expect(texts).toContain('Tags | × | does not contain | Tag | ×');
    expect(texts).toContain('Or | Statuses | × | contains | Incident Status | × | And | Incident Status');
    expect(texts).toMatch(/\+ {2}New item \| 1 \|/);
  });

  it('show the fields of the action that sends, as it is built', () => {
    const texts = textsOf(sendPicture(send, 'Send_to_SIGNL4'));
    expect(texts.slice(0, 5)).toEqual(['Send to SIGNL4', 'Parameters', 'Settings', 'Code view', 'About']);
    expect(texts.join(' | ')).toContain('Title * | Incident Severity | × | : | Incident Title | ×');
    const other = built('SIGNL4-Send-Incident', {
      ...defaultConfig,
      message: { ...defaultConfig.message, title: 'Wake up: {{incident.title}}' },
    });
    expect(textsOf(sendPicture(other, 'Send_to_SIGNL4')).join(' | ')).toContain(
      'Title * | Wake up: | Incident Title | ×',
    );
  });

  it('show the parameters with the values of the configuration, and no secret', () => {
    const texts = textsOf(
      parametersPicture(
        built('SIGNL4-Send-Incident', { ...defaultConfig, filter: { ...defaultConfig.filter, severities: ['High'] } }),
      ),
    );
    expect(texts[texts.findIndex((text) => text.startsWith('Severities')) + 1]).toBe('["High"]');
    expect(texts[texts.findIndex((text) => text.startsWith('TeamSecret')) + 1]).toBe(
      'its value is kept beside the workflow',
    );
  });

  it('show the trigger only where there is a URL to copy', () => {
    expect(textsOf(triggerPicture(built('SIGNL4-Callback')))).toEqual(
      expect.arrayContaining(['When SIGNL4 calls', 'HTTP URL']),
    );
    expect(triggerPicture(send)).toBeUndefined();
  });

  it('call the fields what the connector calls them', () => {
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const { documents } = loadConnectorSpec(`${root}connector-spec`, `${root}templates/connector`);
    const { properties } = buildDefinition(documents).definitions?.['EventToSend'] ?? {};
    const titles = Object.keys(fieldNames).map((name) => [name, properties?.[name]?.title]);
    expect(Object.fromEntries(titles)).toEqual(fieldNames);
  });

  it('are left out, and their line of the guide too, where somebody took the place away', () => {
    const edits = '- rename: actions/Page_the_team/actions/Send_to_SIGNL4\n  to: Send_it\n';
    const { workflow } = patchedWorkflow(send, readPatchFile(edits, 'edits.yaml'));
    const pictures = designerPictures('SIGNL4-Send-Incident', workflow);
    expect([...pictures.keys()]).toEqual(['designer-parameters.svg', 'designer-condition.svg']);
    const guide = 'Before.\n\n![Send](./designer-send.svg)\n\n![Rows](./designer-condition.svg)\n\nAfter.\n';
    expect(withPictures(guide, pictures)).toBe('Before.\n\n![Rows](./designer-condition.svg)\n\nAfter.\n');
    expect(conditionPicture(send, 'Nowhere')).toBeUndefined();
  });
});
