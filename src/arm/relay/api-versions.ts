/** Versions of the resource providers that the relay's template uses. */
export const API = {
  web: '2024-04-01',
  storage: '2023-05-01',
  vault: '2023-07-01',
  insights: '2020-02-02',
  network: '2024-05-01',
  authorization: '2022-04-01',
  deployments: '2022-09-01',
} as const;
