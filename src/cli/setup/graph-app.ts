/** The application of Microsoft Graph, the same in every tenant. */
export const GRAPH_APP = '00000003-0000-0000-c000-000000000000';
