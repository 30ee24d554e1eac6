import { listOf, member, textOf } from '../../domain/json.ts';
import { readJson } from '../http.ts';
import type { ApiRoutes } from './alert-routes.ts';
import { type DutyMode, dutyModes, type Team } from './resources.ts';
import { S4Error } from './s4-error.ts';
import type { Signl4Setting } from './setting.ts';
import type { Signl4Store } from './store.ts';
import { dutyDetails, teamInfo, userDetails } from './views.ts';

/** Users, teams, duties and categories. Operations over several teams answer 207 with `data` and `errors`. */
export function addPeopleRoutes(api: ApiRoutes, { store }: Signl4Setting): void {
  api.get('/users', () => Response.json(store.users.map((user) => userDetails(store, user))));
  api.get('/users/:id', ({ req }) => Response.json(userDetails(store, store.user(req.param('id')))));
  api.get('/users/:id/dutyStatus', ({ req }) => {
    const duties = dutyDetails(store, store.user(req.param('id'))).map(({ dutyMode, ...duty }) => ({
      ...duty,
      onDuty: dutyMode === dutyModes.primary,
      onManagerDuty: dutyMode === dutyModes.manager,
    }));
    return multi(duties);
  });
  api.get('/users/:id/teams', ({ req }) => {
    const { id } = store.user(req.param('id'));
    return Response.json(
      store.teams.filter(({ memberIds }) => memberIds.includes(id)).map((team) => teamInfo(store, team)),
    );
  });
  api.get('/teams', ({ req }) => {
    const wanted = req.queries('teamId') ?? [];
    const teams = store.teams.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
    return Response.json(teams.map((team) => teamInfo(store, team)));
  });
  api.get('/teams/users', () => multi(store.users.map((user) => userDetails(store, user))));
  api.get('/teams/:id', ({ req }) => Response.json(teamInfo(store, store.team(req.param('id')))));
  api.get('/teams/:id/memberships', ({ req }) => Response.json(memberships(store, store.team(req.param('id')))));
  api.get('/duties/summary', () =>
    multi(store.teams.map(({ id }) => ({ teamId: id, dutyAssistEnabled: false, dutySummaries: [] }))),
  );
  const punches: Readonly<Record<string, DutyMode>> = {
    punchIn: dutyModes.primary,
    punchInAsManager: dutyModes.manager,
    punchOut: dutyModes.off,
  };
  for (const [path, mode] of Object.entries(punches))
    api.post(`/duties/${path}`, async ({ req }) => punch(store, await readJson(req.raw), mode));
  const categoriesOf = ({ id: teamId, categories }: Team) =>
    categories.map(({ id, name }, order) => ({ id, name, teamId, order, isDefault: order === 0, keywords: [] }));
  api.get('/categories', () => multi(store.teams.flatMap(categoriesOf)));
  api.get('/categories/:id', ({ req }) => Response.json(categoriesOf(store.team(req.param('id')))));
}

function punch(store: Signl4Store, body: unknown, mode: DutyMode): Response {
  const user = store.user(textOf(member(body, 'userId')) ?? '');
  const wanted = listOf(member(body, 'teamIds')).flatMap((id) => textOf(id) ?? []);
  const teams = store.teams.filter(
    ({ id, memberIds }) => memberIds.includes(user.id) && (wanted.length === 0 || wanted.includes(id)),
  );
  if (teams.length === 0) throw new S4Error(404, 'Not Found', 'No team found for user to change duty status in.');
  for (const team of teams) store.setDuty(user, team, mode);
  return multi(dutyDetails(store, user).filter(({ teamId }) => teams.some(({ id }) => id === teamId)));
}

function memberships(store: Signl4Store, { id: teamId, memberIds }: Team) {
  return memberIds.map((userId) => ({
    teamId,
    userId,
    mailAddress: store.user(userId).mail,
    roleId: 'member',
    status: 3,
  }));
}

function multi(results: readonly unknown[]): Response {
  return Response.json({ data: results, errors: [] }, { status: 207 });
}
