import { playbookTemplate } from '../arm/playbook.ts';
import type { Release } from '../arm/release.ts';
import type { ArmTemplate } from '../arm/template.ts';
import type { Config } from '../config/config.ts';
import type { PatchEntry } from '../config/patches.ts';
import { calledAs } from '../domain/command-line.ts';
import { fillMarks } from '../domain/marks.ts';
import { configuredWorkflow } from '../workflow/patch/patched.ts';
import { flowPicture } from '../workflow/picture/svg.ts';
import type { Playbook } from '../workflow/playbook.ts';
import type { Assets } from './assets.ts';
import { designerPictures, withPictures } from './designer-pictures.ts';
import { type Files, jsonFile } from './output.ts';
import { deploySection, parameterTable } from './readme.ts';

/** One playbook as it is published. */
export interface PlaybookFiles {
  readonly playbook: Playbook;
  readonly template: ArmTemplate;
  /** Edits of people that the generated playbook has caught up with. */
  readonly superfluous: readonly PatchEntry[];
  /** `azuredeploy.json`, `readme.md`, `flow.svg`, and what the guide shows of the designer */
  readonly files: Files;
}

/** The template, the guide and the picture of a playbook. */
export function playbookFiles(
  playbook: Playbook,
  config: Config,
  release: Release,
  text: Assets['text'],
): PlaybookFiles {
  const { workflow, superfluous } = configuredWorkflow(playbook, config);
  const template = playbookTemplate(playbook, workflow, { release, deployment: config.deployment });
  const shown = designerPictures(playbook.name, workflow);
  const guide = fillMarks(withPictures(text(`playbooks/${playbook.name}/readme.md`), shown), {
    picture: '![The workflow](./flow.svg)',
    deploy: deploySection(playbook.name, template, {
      repository: config.repository,
      isPublished: playbook.isWanted === undefined,
    }),
    parameters: parameterTable(template.parameters),
  });
  return {
    playbook,
    template,
    superfluous,
    files: new Map([
      ['azuredeploy.json', jsonFile(template)],
      ['readme.md', calledAs(guide, config.commandLine)],
      ['flow.svg', flowPicture(workflow.definition, playbook.title)],
      ...shown,
    ]),
  };
}
