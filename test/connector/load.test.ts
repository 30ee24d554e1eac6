import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConnectorSpec } from '../../src/connector/load.ts';
import { UserError } from '../../src/domain/errors.ts';

const info = `swagger: '2.0'
info: { title: Doors, version: '1' }
host: doors.example.com
basePath: /api
schemes: [https]
consumes: [application/json]
produces: [application/json]
securityDefinitions: { Key: { type: apiKey, in: header, name: X-Key } }
security: [{ Key: [] }]
x-ms-connector-metadata: [{ propertyName: Website, propertyValue: https://doors.example.com }]
`;
const doors = `tags:
  - name: Doors
    description: Things that open.
paths:
  /doors/{doorId}:
    get:
      operationId: GetDoor
      parameters:
        - $ref: '#/parameters/DoorId'
      responses:
        '200': { description: The door. }
parameters:
  DoorId: { name: doorId, in: path, required: true, type: string }
`;
const connection = `publisher: Doors
stackOwner: Doors
iconBrandColor: '#123456'
capabilities: [actions]
connectionParameters: { api_key: { type: securestring } }
`;
const gallery = `title: Doors
description: Opens doors.
connectorNameDescription: Name of the connector.
prerequisites: [A key]
postDeployment: [Enter the key]
tags: [Doors]
supportTier: partner
supportLink: https://doors.example.com
author: Doors
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'connector-'));
  mkdirSync(join(folder, 'spec'));
  mkdirSync(join(folder, 'texts'));
  write('spec/info.yaml', info);
  write('spec/doors.yaml', doors);
  write('spec/connection.yaml', connection);
  write('texts/gallery.yaml', gallery);
  write('texts/readme.md', '# Doors\n');
  write('texts/intro.md', 'Opens doors.\n');
  write('texts/icon.png', 'picture');
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, content: string): void {
  writeFileSync(join(folder, path), content);
}

function load() {
  return loadConnectorSpec(join(folder, 'spec'), join(folder, 'texts'));
}

/** The error of a load, its file as a name without the folder. */
function loadError() {
  try {
    load();
  } catch (error) {
    if (error instanceof UserError)
      return { message: error.message, ...error.where, file: error.where.file?.split('/').at(-1) };
    throw error;
  }
  throw new Error('the spec was loaded');
}

describe('loading the spec', () => {
  it('reads every document in the order of the names, and the texts', () => {
    const { documents, texts, gallery, connection } = load();
    expect(documents.map(({ file }) => file.split('/').at(-1))).toEqual(['doors.yaml', 'info.yaml']);
    expect(texts).toEqual({ readme: '# Doors\n', intro: 'Opens doors.\n' });
    expect(gallery.title).toBe('Doors');
    expect(connection.iconBrandColor).toBe('#123456');
  });

  it('names file, line and column of a syntax error', () => {
    write('spec/doors.yaml', `${doors}definitions: [unclosed\n`);
    expect(loadError()).toMatchObject({ file: 'doors.yaml', line: 15, column: 1 });
  });

  it('names the line of a reference that leads nowhere', () => {
    write('spec/doors.yaml', doors.replace('#/parameters/DoorId', '#/parameters/Doorid'));
    expect(loadError()).toMatchObject({
      file: 'doors.yaml',
      line: 9,
      message: 'there is no "Doorid" in parameters',
      path: 'paths./doors/{doorId}.get.parameters.0.$ref',
    });
  });

  it('names the line of a path that another document has already', () => {
    write('spec/gates.yaml', doors.replace(/parameters:\n {2}DoorId.*\n/, ''));
    expect(loadError()).toMatchObject({
      file: 'gates.yaml',
      line: 5,
      message: expect.stringMatching(/^paths \/doors\/\{doorId\} is already in .*doors\.yaml$/),
    });
  });

  it('names the line of a member that has no meaning', () => {
    write('spec/doors.yaml', `${doors}defintions:\n  Door: { type: string }\n`);
    expect(loadError()).toMatchObject({ file: 'doors.yaml', line: 14, message: '"defintions" has no meaning here' });
  });

  it('finds the text with a comma that was cut off between braces', () => {
    write('spec/doors.yaml', doors.replace('The door.', 'The door, if there is one.'));
    expect(loadError()).toMatchObject({ file: 'doors.yaml', message: '"if there is one." has no value' });
  });

  it('finds what nothing uses', () => {
    write('spec/doors.yaml', `${doors}  Handle: { name: handle, in: query, type: string }\n`);
    expect(loadError()).toMatchObject({ file: 'doors.yaml', line: 14, message: 'nothing uses Handle of parameters' });
  });

  it('refuses a shared parameter that refers to another', () => {
    write('spec/doors.yaml', `${doors}  Handle: { $ref: '#/parameters/DoorId' }\n`);
    expect(loadError()).toMatchObject({ line: 14, message: 'a shared entry cannot refer to DoorId of parameters' });
  });

  it('wants a heading for the operations of a document', () => {
    write('spec/doors.yaml', doors.replace(/tags:\n.*\n.*\n/, ''));
    expect(loadError()).toMatchObject({ file: 'doors.yaml', line: 1, path: 'paths' });
  });

  it('wants every member of the definition in some document', () => {
    write('spec/info.yaml', info.replace('host: doors.example.com\n', ''));
    expect(loadError()).toMatchObject({ message: 'no document says "host"' });
  });

  it('wants every member of the connection and of the gallery', () => {
    write('spec/connection.yaml', connection.replace(/iconBrandColor.*\n/, ''));
    expect(loadError()).toMatchObject({ file: 'connection.yaml', message: '"iconBrandColor" is missing' });
  });

  it('refuses a file that is not a mapping', () => {
    write('spec/doors.yaml', '- a list\n');
    expect(loadError()).toMatchObject({ file: 'doors.yaml', message: 'the file is not a mapping of names to values' });
  });

  it('says which folder or file is missing', () => {
    rmSync(join(folder, 'texts/intro.md'));
    expect(loadError()).toMatchObject({ file: 'intro.md', message: 'the file cannot be read' });
    expect(() => loadConnectorSpec(join(folder, 'nowhere'), join(folder, 'texts'))).toThrow(
      'the folder cannot be read',
    );
  });
});
