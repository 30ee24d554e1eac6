import { schemas } from './openapi-schemas.ts';

type SchemaName = keyof typeof schemas;

const json = (name: SchemaName) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } });
const answer = (name: SchemaName, description: string) => ({ description, content: json(name) });

const problems = {
  400: 'The body is not what it should be.',
  401: 'Key, token or secret is missing or wrong.',
  404: 'The incident is unknown, or of a workspace that this relay does not serve.',
  413: 'The body is too large.',
  429: 'Too many requests; Retry-After says how long to wait.',
  500: 'The relay failed.',
  502: 'Another service failed, and without it nothing can be said.',
  503: 'The relay is shutting down, cannot write its store, or gets no token for Azure.',
  504: 'Another service did not answer in time.',
} as const;

function failures(...statuses: (keyof typeof problems)[]) {
  return Object.fromEntries(statuses.map((status) => [status, answer('Error', problems[status])]));
}

const signedIn = [{ apiKey: [] }, { entraToken: [] }];

const incidentBody = {
  required: true,
  content: {
    'application/json': {
      schema: {
        oneOf: [{ $ref: '#/components/schemas/IncidentReference' }, { $ref: '#/components/schemas/IncidentTrigger' }],
      },
    },
  },
};

const settling = (operationId: string, summary: string) => ({
  operationId,
  summary,
  security: signedIn,
  requestBody: { required: true, content: json('DeadLetterIds') },
  responses: { 200: answer('SettledLetters', 'What became of them.'), ...failures(400, 401, 413, 429, 500) },
});

/** The relay's API, OpenAPI 3.1. Served at `/openapi.json`; a test holds it against the app's routes and answers. */
export function openApiDocument(version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'SIGNL4 relay for Microsoft Sentinel',
      version,
      description: 'Enriches incidents, forwards them to SIGNL4, and takes what people do there back into Sentinel.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths: {
      '/api/incidents/enrich': {
        post: {
          operationId: 'enrichIncident',
          summary: 'Read an incident and everything about it, and render the event for SIGNL4',
          security: signedIn,
          requestBody: incidentBody,
          responses: {
            200: answer('Enriched', 'The event; what is missing is named in warnings.'),
            ...failures(400, 401, 404, 413, 429, 500, 502, 503, 504),
          },
        },
      },
      '/api/incidents/forward': {
        post: {
          operationId: 'forwardIncident',
          summary: 'Enrich an incident, send it to SIGNL4, tag it and comment on it',
          security: signedIn,
          requestBody: incidentBody,
          responses: {
            200: answer('Forwarded', 'What became of it.'),
            ...failures(400, 401, 404, 413, 429, 500, 502, 503, 504),
          },
        },
      },
      '/api/signl4/events': {
        post: {
          operationId: 'takeNotification',
          summary: "Take a notification of SIGNL4's outbound webhook",
          security: [{ webhookSecret: [] }],
          requestBody: { required: true, content: json('Notification') },
          responses: {
            200: answer('Intake', 'Understood; it changes no incident of this relay.'),
            202: answer('Intake', 'On disk: it will be applied, or was before.'),
            ...failures(400, 401, 413, 429, 500, 503),
          },
        },
      },
      '/api/dead-letters': {
        get: {
          operationId: 'listDeadLetters',
          summary: 'Notifications that were given up, in that order, page by page',
          security: signedIn,
          parameters: [
            { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100, default: 100 } },
            { name: 'after', in: 'query', description: 'The next of the page before.', schema: { type: 'string' } },
          ],
          responses: { 200: answer('DeadLetters', 'One page.'), ...failures(400, 401, 429, 500) },
        },
      },
      '/api/dead-letters/replay': { post: settling('replayDeadLetters', 'Apply them once more') },
      '/api/dead-letters/drop': { post: settling('dropDeadLetters', 'Forget them') },
      '/health/live': {
        get: {
          operationId: 'isLive',
          summary: 'Whether the process answers',
          security: [],
          responses: { 200: answer('Status', 'It does.') },
        },
      },
      '/health/ready': {
        get: {
          operationId: 'isReady',
          summary: 'Whether the relay takes requests, can write its store and had a token for Azure',
          security: [],
          responses: { 200: answer('Status', 'It does.'), ...failures(503) },
        },
      },
      '/metrics': {
        get: {
          operationId: 'readMetrics',
          summary: 'Metrics for Prometheus',
          security: signedIn,
          responses: {
            200: {
              description: 'Text format of Prometheus.',
              content: { 'text/plain': { schema: { type: 'string' } } },
            },
            ...failures(401),
          },
        },
      },
      '/openapi.json': {
        get: {
          operationId: 'readDescription',
          summary: 'This document',
          security: signedIn,
          responses: {
            200: { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: { type: 'object' } } } },
            ...failures(401),
          },
        },
      },
    },
    components: {
      schemas,
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
        entraToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        webhookSecret: { type: 'apiKey', in: 'query', name: 'secret' },
      },
    },
  } as const;
}
