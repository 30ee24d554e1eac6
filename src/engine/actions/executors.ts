import type { TypeName } from '../model.ts';
import { apiConnection } from './api-connection.ts';
import { apiManagement, functionCall, sendToBatch, workflowCall } from './azure-calls.ts';
import { compose } from './compose.ts';
import { ifAction, scopeAction, switchAction } from './containers.ts';
import { join, query, select } from './data-operations.ts';
import type { Executor } from './executor.ts';
import { foreachAction } from './foreach.ts';
import { http } from './http.ts';
import { javaScriptCode, liquid, xslt } from './integration-account.ts';
import { parseJson } from './parse-json.ts';
import { response } from './response.ts';
import { table } from './table.ts';
import { terminate } from './terminate.ts';
import { timeOperation } from './time-operations.ts';
import { untilAction } from './until.ts';
import {
  appendToArrayVariable,
  appendToStringVariable,
  decrementVariable,
  incrementVariable,
  initializeVariable,
  setVariable,
} from './variable-actions.ts';
import { wait } from './wait.ts';
import { apiConnectionWebhook, httpWebhook } from './webhooks.ts';

/** The implementation of every action type. */
export const executors: Readonly<Record<TypeName, Executor>> = {
  Compose: compose,
  InitializeVariable: initializeVariable,
  SetVariable: setVariable,
  IncrementVariable: incrementVariable,
  DecrementVariable: decrementVariable,
  AppendToArrayVariable: appendToArrayVariable,
  AppendToStringVariable: appendToStringVariable,
  ParseJson: parseJson,
  Select: select,
  Query: query,
  Join: join,
  Table: table,
  Expression: timeOperation,
  Http: http,
  ApiConnection: apiConnection,
  ApiConnectionWebhook: apiConnectionWebhook,
  HttpWebhook: httpWebhook,
  ApiManagement: apiManagement,
  Workflow: workflowCall,
  SendToBatch: sendToBatch,
  Function: functionCall,
  JavaScriptCode: javaScriptCode,
  Liquid: liquid,
  Xslt: xslt,
  Wait: wait,
  Response: response,
  Terminate: terminate,
  Scope: scopeAction,
  If: ifAction,
  Switch: switchAction,
  Foreach: foreachAction,
  Until: untilAction,
};
