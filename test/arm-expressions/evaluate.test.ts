import { describe, expect, it } from 'vitest';
import { evaluateArm } from '../../src/arm-expressions/evaluate.ts';
import { offlineDeployment } from '../../src/arm-expressions/scope.ts';
import { templateScope } from '../../src/arm-expressions/template.ts';
import { holdsPlaceholder, isPlaceholderText, toJson } from '../../src/arm-expressions/value.ts';
import type { Json, JsonObject } from '../../src/wdl/types.ts';

const template = {
  parameters: {
    PlaybookName: { type: 'string', defaultValue: 'SIGNL4-Send-Incident' },
    ApiKey: { type: 'securestring' },
    'It\'s a "key"': { type: 'string' },
    Tags: { type: 'array', defaultValue: ['a', 'b'] },
    Names: { type: 'object', defaultValue: { MDATP: 'Defender' } },
    Level: { type: 'int', allowedValues: [1, 2], defaultValue: 1 },
    Needed: { type: 'array' },
    AlsoNeeded: { type: 'int' },
  },
  variables: {
    connection: "[concat('azuresentinel-', parameters('PlaybookName'))]",
    nested: { name: "[toUpper(variables('connection'))]" },
    a: "[variables('b')]",
    b: "[variables('a')]",
    copy: [{ name: 'disks', count: 3, input: "[concat('disk', copyIndex('disks'))]" }],
  },
  functions: [
    {
      namespace: 'contoso',
      members: {
        shout: {
          parameters: [{ name: 'text', type: 'string' }],
          output: { type: 'string', value: "[concat(toUpper(parameters('text')), '!')]" },
        },
      },
    },
  ],
} as const;

function evaluate(json: Json, given: Readonly<Record<string, Json>> = {}): Json {
  return toJson(
    evaluateArm(json, templateScope(template as unknown as Record<string, Json>, given, offlineDeployment)),
  );
}

const group = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/offline';

describe('an ARM template expression', () => {
  it.each<[string, Json]>([
    ["[concat('a', 'b', parameters('Level'))]", 'ab1'],
    ["[concat(parameters('Tags'), createArray('c'))]", ['a', 'b', 'c']],
    ["[parameters('names').mdatp]", 'Defender'],
    ["[parameters('Names')['MDATP']]", 'Defender'],
    ["[parameters('Tags')[1]]", 'b'],
    ["[variables('nested').name]", 'AZURESENTINEL-SIGNL4-SEND-INCIDENT'],
    ["[variables('disks')]", ['disk0', 'disk1', 'disk2']],
    ["[contoso.shout('page')]", 'PAGE!'],
    ["['it''s']", "it's"],
    ["[format('{0}-{1:D3} {{x}}', 'a', 7)]", 'a-007 {x}'],
    ["[replace('a-b-c', '-', '_')]", 'a_b_c'],
    ["[split('a,b;c', createArray(',', ';'))]", ['a', 'b', 'c']],
    ["[last(split('/x/y', '/'))]", 'y'],
    ["[first('abc')]", 'a'],
    ["[take('abcdef', 3)]", 'abc'],
    ['[skip(createArray(1, 2, 3), 1)]', [2, 3]],
    ["[substring('abcdef', 2, 3)]", 'cde'],
    ["[toLower('ABC')]", 'abc'],
    ["[trim('  x ')]", 'x'],
    ["[padLeft('7', 3, '0')]", '007'],
    ["[uri('https://api.contoso.com/v1/', 'alerts')]", 'https://api.contoso.com/v1/alerts'],
    ["[uri('https://api.contoso.com/v1', 'alerts')]", 'https://api.contoso.com/alerts'],
    ["[uri('https://api.contoso.com', 'alerts')]", 'https://api.contoso.com/alerts'],
    ["[base64ToString(base64('ü'))]", 'ü'],
    ["[string(createObject('a', 1))]", '{"a":1}'],
    ['[string(true())]', 'True'],
    ['[json(\'{"a": [1]}\')]', { a: [1] }],
    ["[int('42')]", 42],
    ["[bool('TRUE')]", true],
    ["[if(equals(parameters('Level'), 1), 'one', variables('no-such'))]", 'one'],
    ['[and(true(), not(false()))]', true],
    ["[or(false(), equals('A', 'a'))]", false],
    ["[coalesce(null(), 'x')]", 'x'],
    ['[empty(createObject())]', true],
    ["[contains(parameters('Names'), 'mdatp')]", true],
    ["[contains('abc', 'b')]", true],
    ["[length(parameters('Tags'))]", 2],
    [
      "[union(createObject('a', createObject('x', 1)), createObject('a', createObject('y', 2)))]",
      { a: { x: 1, y: 2 } },
    ],
    ['[intersection(createArray(1, 2, 3), createArray(3, 1))]', [1, 3]],
    [
      "[items(createObject('b', 2, 'a', 1))]",
      [
        { key: 'a', value: 1 },
        { key: 'b', value: 2 },
      ],
    ],
    ["[join(createArray('a', 'b'), ';')]", 'a;b'],
    ["[indexOf('abc', 'C')]", 2],
    ['[range(3, 2)]', [3, 4]],
    ['[add(mul(3, 4), mod(7, 4))]', 15],
    ['[max(createArray(1, 5, 2))]', 5],
    ['[greaterOrEquals(2, 2)]', true],
    ["[map(createArray(1, 2), lambda('n', mul(lambdaVariables('n'), 10)))]", [10, 20]],
    ["[filter(createArray(1, 2, 3), lambda('n', greater(lambdaVariables('n'), 1)))]", [2, 3]],
    ["[reduce(createArray(1, 2, 3), 0, lambda('sum', 'n', add(lambdaVariables('sum'), lambdaVariables('n'))))]", 6],
    ["[tryGet(parameters('Names'), 'none')]", null],
    ["[parameters('Names').?none]", null],
    ['[subscription().subscriptionId]', '00000000-0000-0000-0000-000000000000'],
    ['[resourceGroup().name]', 'offline'],
    ['[environment().authentication.loginEndpoint]', 'https://login.microsoftonline.com/'],
    ["[resourceId('Microsoft.Web/connections', 'x')]", `${group}/providers/Microsoft.Web/connections/x`],
    [
      "[resourceId('other', 'Microsoft.Logic/workflows/triggers', 'w', 'manual')]",
      `${group.replace('offline', 'other')}/providers/Microsoft.Logic/workflows/w/triggers/manual`,
    ],
    [
      "[extensionResourceId('/ws', 'Microsoft.SecurityInsights/contentPackages', 'p')]",
      '/ws/providers/Microsoft.SecurityInsights/contentPackages/p',
    ],
    [
      "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'r')]",
      '/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsoft.Authorization/roleDefinitions/r',
    ],
    ["[utcNow('yyyy-MM-dd')]", '2026-01-10'],
  ])('%s is %j', (expression, value) => {
    expect(evaluate(expression)).toEqual(value);
  });

  it('makes the same GUID of the same names', () => {
    expect(evaluate("[guid('a', 'b')]")).toBe(evaluate("[guid('a-b')]"));
    expect(evaluate("[guid('a')]")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/);
  });

  it('makes a stand-in for uniqueString that depends on its arguments only', () => {
    expect(evaluate("[uniqueString('a')]")).toMatch(/^[a-z2-7]{13}$/);
    expect(evaluate("[uniqueString('a')]")).toBe(evaluate("[uniqueString('a')]"));
    expect(evaluate("[uniqueString('a')]")).not.toBe(evaluate("[uniqueString('b')]"));
  });

  it('leaves a readable mark where only a deployment would know', () => {
    expect(evaluate("[concat('key=', listKeys('/acc', '2019-06-01').keys[0].value)]")).toBe(
      'key=listKeys(/acc).keys.0.value',
    );
    expect(evaluate("[reference('/app').customerId]")).toBe('reference(/app).customerId');
    expect(evaluate("[parameters('ApiKey')]")).toBe('parameters(ApiKey)');
    expect(
      evaluate(
        "[listCallbackUrl(resourceId('Microsoft.Logic/workflows/triggers', 'w', 'manual'), '2019-05-01').value]",
      ),
    ).toMatch(/^https:\/\/.*\/workflows\/w\/triggers\/manual\/paths\/invoke\?/);
  });
});

describe('a mark for what only a deployment would know', () => {
  const marks = [
    "[parameters('ApiKey')]",
    "[listKeys(concat('/acc/', parameters('It''s a \"key\"')), '2019-06-01').keys[0].value]",
    "[reference(concat('<', parameters('ApiKey'), '>'))['a''b']]",
    '[deployment().properties.templateLink.uri]',
  ];

  it.each(marks)('has nothing that ends a string or a tag: %s', (expression) => {
    const shown = String(evaluate(expression));
    expect(shown).not.toMatch(/['"<>]/);
    expect(isPlaceholderText(shown)).toBe(true);
    expect(holdsPlaceholder(`/secrets/@{encodeURIComponent('${shown}')}/value`)).toBe(true);
  });

  it('is told from an expression of a workflow', () => {
    for (const text of ["@parameters('ApiKey')", "@{parameters('a')}", '@listCallbackUrl()', 'parameters()', 'a (b)']) {
      expect(holdsPlaceholder(text)).toBe(false);
    }
    expect(isPlaceholderText('key=parameters(ApiKey)')).toBe(false);
  });
});

describe('a piece of a template', () => {
  it('is evaluated all the way down, names of members too; [[ is a bracket', () => {
    expect(
      evaluate({ "[concat('a', 'b')]": ["[parameters('Level')]", '[[not an expression]', 'plain [x]', 7, null] }),
    ).toEqual({
      ab: [1, '[not an expression]', 'plain [x]', 7, null],
    });
  });

  it('takes given values before defaults', () => {
    expect(evaluate("[variables('connection')]", { playbookname: 'X' })).toBe('azuresentinel-X');
  });

  it.each<[Json, string, string | undefined]>([
    [{ a: ["[concat('x']"] }, 'cannot be read: `)` is due, found the end', '/a/0'],
    [{ a: "[concat('x') + 1]" }, '`+` is not expected here', '/a'],
    [{ a: '[x]' }, "'x' must be called", '/a'],
    [{ 'b/c': '[nothing()]' }, "There is no template function 'nothing'", '/b~1c'],
    ["[parameters('No')]", "The template has no parameter 'No'", ''],
    [
      "[parameters('Needed')]",
      "The template parameters 'Needed' (array) and 'AlsoNeeded' (int) have no value and no default.",
      '',
    ],
    ["[variables('No')]", "The template has no variable 'No'", ''],
    ["[variables('a')]", "The variable 'a' of the template is defined by itself", undefined],
    ["[parameters('Names').x]", "There is no property 'x' in Object; it has MDATP", ''],
    ["[parameters('Tags')[5]]", 'There is no item 5 in Array', ''],
    ["[substring('abc', 2, 5)]", "'substring' is asked for 5 characters from 2 of a string with 3", ''],
    ["[split('a')]", "'split' does not take 1 argument(s)", ''],
    ['[toLower(1)]', "'toLower' expects a string as argument 1, not Integer", ''],
    ["[resourceId('Microsoft.Web/connections')]", 'does not take 1 argument(s)', ''],
  ])('says what is wrong with %j', (json, message, path) => {
    try {
      evaluate(json);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ message: expect.stringContaining(message) });
      if (path) expect(error).toMatchObject({ where: { path } });
    }
  });

  it('takes any subset of the allowed values of an array', () => {
    const withArray = { parameters: { a: { type: 'array', allowedValues: ['x', { y: 1 }, 3] } } } as const;
    const value = (a: Json) =>
      toJson(
        evaluateArm("[parameters('a')]", templateScope(withArray as unknown as JsonObject, { a }, offlineDeployment)),
      );
    for (const subset of [['x'], [3, 'x'], [], [{ y: 1 }], ['x', 'x']]) expect(value(subset)).toEqual(subset);
    expect(() => value(['z'])).toThrow(`The value ["z"] of parameter 'a' is not allowed.`);
    expect(() => value([['x']])).toThrow('is not allowed');
  });

  it('refuses a value that is not allowed', () => {
    expect(() => evaluate("[parameters('Level')]", { Level: 3 })).toThrow(
      "The value 3 of parameter 'Level' is not allowed.",
    );
  });
});

describe('functions of dates, addresses, ends and groups', () => {
  it.each<[string, Json]>([
    ["dateTimeToEpoch('2023-05-02T15:16:13Z')", 1683040573],
    ['dateTimeFromEpoch(1683040573)', '2023-05-02T15:16:13Z'],
    ["dateTimeAdd('2020-04-07 14:53:14Z', 'P3Y', 'u')", '2023-04-07 14:53:14Z'],
    ["dateTimeAdd('2020-04-07T14:53:14Z', '-P9D')", '2020-03-29T14:53:14Z'],
    ["dateTimeAdd('20200407T145314Z', 'PT1H')", '20200407T155314Z'],
    ["parseCidr('10.144.0.0/20').netmask", '255.255.240.0'],
    ["parseCidr('10.144.1.7/20').network", '10.144.0.0'],
    ["parseCidr('10.144.0.0/20').broadcast", '10.144.15.255'],
    ["parseCidr('10.144.0.0/20').firstUsable", '10.144.0.1'],
    ["parseCidr('10.144.0.0/20').lastUsable", '10.144.15.254'],
    ["cidrSubnet('10.144.0.0/20', 24, 0)", '10.144.0.0/24'],
    ["cidrSubnet('10.144.0.0/20', 24, 15)", '10.144.15.0/24'],
    ["cidrHost('10.144.3.0/24', 0)", '10.144.3.1'],
    ["cidrHost('fd00::/64', 0)", 'cidrHost(fd00::/64)'],
    ["indexFromEnd(createArray('a', 'b', 'c'), 1)", 'c'],
    ["tryIndexFromEnd(createArray('a'), 2)", null],
    [
      "groupBy(createArray('ab', 'ac', 'b'), lambda('x', take(lambdaVariables('x'), 1)))",
      { a: ['ab', 'ac'], b: ['b'] },
    ],
    ["mapValues(createObject('a', 1), lambda('x', add(lambdaVariables('x'), 1)))", { a: 2 }],
    [
      "managementGroupResourceId('g', 'Microsoft.Authorization/policyDefinitions', 'p')",
      '/providers/Microsoft.Management/managementGroups/g/providers/Microsoft.Authorization/policyDefinitions/p',
    ],
    ["toLogicalZone('s', 'westeurope', '1')", 'toLogicalZone(s, westeurope, 1)'],
    ['deployer().objectId', 'deployer().objectId'],
  ])('%s', (expression, value) => {
    expect(evaluate(`[${expression}]`)).toEqual(value);
  });

  it.each([
    ["cidrSubnet('10.144.0.0/20', 24, 16)", '10.144.0.0/20 has no subnet 16 of length 24'],
    ["cidrSubnet('10.144.0.0/20', 19, 0)", 'expects a length from 20 to 32, not 19'],
    ["cidrHost('10.0.0.0', 0)", "expects an address range such as 10.0.0.0/16, not '10.0.0.0'"],
    ["dateTimeAdd('2020-04-07T14:53:14Z', '1 day')", "expects a duration such as P1D or -PT1H, not '1 day'"],
    ["dateTimeToEpoch('yesterday')", "expects a time in ISO 8601, not 'yesterday'"],
    ["indexFromEnd(createArray('a'), 2)", 'has no item 2 from the end of 1'],
  ])('%s says what is wrong', (expression, message) => {
    expect(() => evaluate(`[${expression}]`)).toThrow(message);
  });
});
