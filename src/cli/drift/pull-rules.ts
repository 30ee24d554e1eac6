import { FIRST_ORDER } from '../../arm/automation-rules.ts';
import type { Config } from '../../config/config.ts';
import { type Json, type JsonObject, listOf, member, memberAt, textOf } from '../../domain/json.ts';
import type { RuleCondition } from '../../rules/filter.ts';
import { filtersOf } from '../../rules/filter-targets.ts';
import { nameTables } from '../../rules/product-names.ts';
import { canonicalText } from '../../workflow/patch/canonical.ts';
import type { Live } from '../live.ts';
import type { ConfigPatch } from './patch-config.ts';
import { editLine } from './report.ts';
import { type RuleDrift, ruleViews } from './rules.ts';

/*
 * Translates changes to automation rules into choices of the configuration. A choice is accepted only if it generates exactly the
 * rules that are deployed; all other changes stay in Microsoft Sentinel and are reported.
 */

/** The choices that generate the deployed rules, for as many rules as possible. */
export function ruleChoices(live: Live, names: readonly string[], rules: readonly RuleDrift[]): readonly ConfigPatch[] {
  return [...conditionChoices(live, names, rules), ...settingChoices(live.config, rules)];
}

interface Left {
  /** Changes that block a deployment, or that it would undo. */
  readonly left: readonly string[];
  /** Changes that no choice can express but a deployment keeps. */
  readonly kept: readonly string[];
}

/** Changes to the rules that the configuration does not contain, as text. */
export function rulesLeft(config: Config, rules: readonly RuleDrift[]): Left {
  const left = rules.filter(({ isEdited }) => isEdited);
  const edits = left.map(
    ({ displayName, differences }) =>
      `the automation rule "${displayName}" was edited: ${differences.map((edit) => editLine(edit)).join('; ')}. No choice of signl4.yaml makes it so: make a rule of your own of it, under another name`,
  );
  const others = otherSettings(config, rules);
  return { left: [...edits, ...others.left], kept: others.kept };
}

function isMade({ displayName, now }: RuleDrift, views: ReadonlyMap<string, JsonObject>): boolean {
  const view = views.get(displayName);
  return view !== undefined && now !== undefined && canonicalText(view) === canonicalText(now);
}

function conditionChoices(live: Live, names: readonly string[], rules: readonly RuleDrift[]): readonly ConfigPatch[] {
  return rules.flatMap((rule) => {
    if (!rule.isEdited || !rule.now) return [];
    const made = candidates(live.config, rule.now).find((config) =>
      isMade(rule, ruleViews({ ...live, config }, names)),
    );
    return made ? differences(live.config, made) : [];
  });
}

/** Configurations that might generate the deployed rule. */
function candidates(config: Config, now: JsonObject): readonly Config[] {
  const conditions = listOf(now['conditions']);
  if (now['triggersWhen'] === 'Created') {
    const { filter, friendlyNames } = config;
    const simple = conditions.flatMap(readCondition);
    if (simple.length !== conditions.length) return [];
    return filtersOf(simple, filter, nameTables(friendlyNames)).map((one) => ({ ...config, filter: one }));
  }
  const flags = [true, false];
  return flags.flatMap((closed) =>
    flags.flatMap((acknowledged) =>
      flags.flatMap((severityRaised) =>
        flags.map((comments) => ({ ...config, sync: { closed, acknowledged, severityRaised, comments } })),
      ),
    ),
  );
}

function readCondition(condition: unknown): readonly RuleCondition[] {
  const property = (name: string) => memberAt(condition, 'conditionProperties', name);
  if (textOf(member(condition, 'conditionType')) !== 'Property') return [];
  return [
    {
      propertyName: textOf(property('propertyName')) ?? '',
      operator: (textOf(property('operator')) ?? '') as RuleCondition['operator'],
      propertyValues: listOf(property('propertyValues')).flatMap((value) => textOf(value) ?? []),
    },
  ];
}

/** Differences in the two sections that rules are generated from. */
function differences(before: Config, after: Config): readonly ConfigPatch[] {
  return (['filter', 'sync'] as const).flatMap((section) =>
    Object.entries(after[section]).flatMap(([name, value]): readonly ConfigPatch[] => {
      const was: unknown = member(before[section], name);
      return JSON.stringify(was) === JSON.stringify(value) ? [] : [{ path: [section, name], value: value as Json }];
    }),
  );
}

/** Order, state and expiration of a rule, as Sentinel returns them. */
interface Setting {
  readonly rule: RuleDrift;
  readonly order: number | undefined;
  readonly isOn: boolean;
  readonly end: string;
}

function settingsOf(rules: readonly RuleDrift[]): readonly Setting[] {
  return rules.flatMap((rule) => {
    if (rule.deployed === undefined) return [];
    const properties = member(rule.deployed, 'properties');
    const order = member(properties, 'order');
    return [
      {
        rule,
        order: typeof order === 'number' ? order : undefined,
        isOn: memberAt(properties, 'triggeringLogic', 'isEnabled') !== false,
        end: textOf(memberAt(properties, 'triggeringLogic', 'expirationTimeUtc')) ?? '',
      },
    ];
  });
}

/** Order, state and expiration, if they are the same in all rules: the file has one setting for all of them. */
function settingChoices({ deployment }: Config, rules: readonly RuleDrift[]): readonly ConfigPatch[] {
  const settings = settingsOf(rules);
  const [first] = settings;
  if (!first) return [];
  const moved = ({ rule, order }: Setting) => (order ?? Number.NaN) - rule.order;
  const isMoved = moved(first) !== 0 && settings.every((each) => moved(each) === moved(first));
  const isSwitched = settings.every(({ isOn }) => isOn === first.isOn) && first.isOn !== (deployment.rules !== 'off');
  const hasEnd = settings.every(({ end }) => end === first.end) && first.end !== deployment.rulesEnd;
  const order = (deployment.ruleOrder || FIRST_ORDER) + moved(first);
  const path = (name: keyof Config['deployment']) => ['deployment', name];
  return [
    ...(isMoved ? [{ path: path('ruleOrder'), value: order }] : []),
    ...(isSwitched ? [{ path: path('rules'), value: first.isOn ? 'on' : 'off' }] : []),
    ...(hasEnd ? [{ path: path('rulesEnd'), value: first.end }] : []),
  ];
}

/** Settings that differ between rules: `deploy` keeps them unless the file sets them. */
function otherSettings({ deployment }: Config, rules: readonly RuleDrift[]): Left {
  const orders = new Map(rules.map(({ displayName, order }) => [displayName, order]));
  const all = settingsOf(rules).flatMap(({ rule: { displayName }, order, isOn, end }) => {
    const says = [
      ...(order === orders.get(displayName)
        ? []
        : [{ what: `its order is ${order}`, isChosen: deployment.ruleOrder > 0 }]),
      ...(isOn === (deployment.rules !== 'off')
        ? []
        : [{ what: `it is switched ${isOn ? 'on' : 'off'}`, isChosen: deployment.rules !== 'keep' }]),
      ...(end === deployment.rulesEnd
        ? []
        : [{ what: `it ends at ${end || 'no time'}`, isChosen: deployment.rulesEnd !== '' }]),
    ];
    return says.map(({ what, isChosen }) => ({ text: `the automation rule "${displayName}": ${what}`, isChosen }));
  });
  return {
    left: all.flatMap(({ text, isChosen }) =>
      isChosen ? [`${text}; signl4.yaml chooses otherwise for all rules`] : [],
    ),
    kept: all.flatMap(({ text, isChosen }) => (isChosen ? [] : [text])),
  };
}
