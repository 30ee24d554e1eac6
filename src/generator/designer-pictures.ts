import {
  conditionPicture,
  designerPicture,
  parametersPicture,
  sendPicture,
  triggerPicture,
} from '../workflow/picture/designer/pictures.ts';
import type { Workflow } from '../workflow/workflow.ts';

type Draw = (workflow: Workflow) => string | undefined;

const SEND: Draw = (workflow) => sendPicture(workflow, 'Send_to_SIGNL4');
const CONDITION: Draw = (workflow) => conditionPicture(workflow, 'Should_somebody_be_paged');

/** Pictures of the designer in each guide: playbook to file names to drawing functions. */
const pictures: Readonly<Record<string, Readonly<Record<string, Draw>>>> = {
  'SIGNL4-Send-Incident': {
    'designer-parameters.svg': parametersPicture,
    'designer-send.svg': SEND,
    'designer-condition.svg': CONDITION,
  },
  'SIGNL4-Send-Alert': { 'designer-send.svg': SEND },
  'SIGNL4-Sync-Incident': { 'designer-parameters.svg': parametersPicture },
  'SIGNL4-Callback': { 'designer-trigger.svg': triggerPicture, 'designer-parameters.svg': parametersPicture },
  'SIGNL4-Defender-Callback': { 'designer-trigger.svg': triggerPicture },
  'SIGNL4-Respond': { 'designer-trigger.svg': triggerPicture },
};

/** Pictures for a guide, by file name. Leaves out those of steps that an edited playbook no longer has. */
export function designerPictures(playbook: string, workflow: Workflow): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(pictures[playbook] ?? {}).flatMap(([file, draw]) => {
      const picture = draw(workflow);
      return picture === undefined ? [] : [[file, picture] as const];
    }),
  );
}

/** The whole designer, with the playbook that people edit most. */
export function designerOverview(workflows: ReadonlyMap<string, Workflow>): string {
  const workflow = workflows.get('SIGNL4-Send-Incident');
  const picture = workflow && designerPicture(workflow, 'Send_to_SIGNL4');
  if (picture === undefined) throw new Error('SIGNL4-Send-Incident has no action Send_to_SIGNL4');
  return picture;
}

const PICTURE_LINE = /^ *!\[[^\]]*\]\(\.\/(designer-[a-z]+\.svg)\)\n\n?/gm;

/** The guide without lines for missing pictures. */
export function withPictures(guide: string, there: ReadonlyMap<string, string>): string {
  return guide.replaceAll(PICTURE_LINE, (line, file: string) => (there.has(file) ? line : ''));
}
