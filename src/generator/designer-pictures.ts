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

/** What the guide to each playbook shows of the designer: playbook to file names to what draws them. */
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

/** Pictures beside a guide, by file name. What an edited playbook does not have any more is left out. */
export function designerPictures(playbook: string, workflow: Workflow): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(pictures[playbook] ?? {}).flatMap(([file, draw]) => {
      const picture = draw(workflow);
      return picture === undefined ? [] : [[file, picture] as const];
    }),
  );
}

/** The designer as a whole, with the playbook that people change most. */
export function designerOverview(workflows: ReadonlyMap<string, Workflow>): string {
  const workflow = workflows.get('SIGNL4-Send-Incident');
  const picture = workflow && designerPicture(workflow, 'Send_to_SIGNL4');
  if (picture === undefined) throw new Error('SIGNL4-Send-Incident has no action Send_to_SIGNL4');
  return picture;
}

const PICTURE_LINE = /^ *!\[[^\]]*\]\(\.\/(designer-[a-z]+\.svg)\)\n\n?/gm;

/** The guide without lines whose picture there is not. */
export function withPictures(guide: string, there: ReadonlyMap<string, string>): string {
  return guide.replaceAll(PICTURE_LINE, (line, file: string) => (there.has(file) ? line : ''));
}
