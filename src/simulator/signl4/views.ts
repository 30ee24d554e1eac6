import { isoTime } from '../clock.ts';
import { alertFlags, dutyModes, type S4Alert, type Team, type User, type Webhook, workflowTypes } from './resources.ts';
import type { Signl4Store } from './store.ts';

/** `V2.AlertInfo` */
export function alertInfo(store: Signl4Store, alert: S4Alert) {
  const team = store.team(alert.teamId);
  return {
    id: alert.id,
    eventId: alert.eventId,
    externalId: alert.externalId,
    subscriptionId: store.subscriptionId,
    teamId: alert.teamId,
    categoryId: team.categories.find(({ name }) => name === alert.category)?.id ?? null,
    title: alert.title,
    text: alert.text,
    severity: alert.severity,
    flags: alert.flags | (alert.location ? 8 : 0),
    workflowType: workflowTypes[alert.scenario],
    requiredAcknowledgements: requiredAcknowledgements(store, alert, team),
    status: {
      statusCode: alert.status,
      alertDeliveryStatus: {
        alertId: alert.id,
        statusCode: alert.notified.length > 0 ? 6 : 30,
        userDeliveryStatus: alert.notified.map(({ userId }) => ({ userId, statusCode: 6 })),
      },
    },
    history: {
      created: isoTime(alert.created),
      acknowledgedAt: time(alert.acknowledgedAt),
      acknowledgements: [...alert.acknowledgedBy],
      closedAt: time(alert.closedAt),
      closedBy: alert.closedBy ?? null,
    },
    lastModified: isoTime(alert.modified),
  };
}

function requiredAcknowledgements(store: Signl4Store, alert: S4Alert, team: Team): number {
  return alert.scenario === 'single_ack' ? 1 : Math.max(1, store.onDuty(team).length);
}

/** `V2.AlertDetails` */
export function alertDetails(store: Signl4Store, alert: S4Alert) {
  return {
    ...alertInfo(store, alert),
    parameters: alert.parameters.map((parameter) => ({ ...parameter, type: 8, options: 0 })),
    attachments: [],
    escalations:
      alert.flags & alertFlags.escalatedToManager
        ? [{ alertId: alert.id, escType: 1, status: 0, teamId: alert.teamId }]
        : [],
    timelineEntries: timeline(alert),
  };
}

export function timeline(alert: S4Alert) {
  return alert.timeline.map(({ at, text, userId }) => ({ timestamp: isoTime(at), text, userId }));
}

export function notifications(alert: S4Alert) {
  return alert.notified.map(({ userId, at }) => ({
    userId,
    address: null,
    deviceName: 'Phone',
    notificationChannelType: 1,
    messageStatus: 6,
    messageStatusErrorCode: 0,
    userStatus: 1,
    lastUpdate: isoTime(at),
  }));
}

/** `V2.UserDetails` */
export function userDetails(store: Signl4Store, user: User) {
  return {
    id: user.id,
    name: user.displayname,
    mail: user.mail,
    subscriptionId: store.subscriptionId,
    timeZone: 'Etc/UTC',
    isInvite: user.isInvite ?? false,
    isDeactivated: user.isDeactivated ?? false,
    contactAddresses: [],
    dutyInfos: dutyDetails(store, user),
  };
}

/** `V2.UserDutyDetails` for each team the user belongs to. */
export function dutyDetails(store: Signl4Store, user: User) {
  return store.teams
    .filter(({ memberIds }) => memberIds.includes(user.id))
    .map(({ id }) => {
      const duty = user.duty.get(id);
      return {
        userId: user.id,
        teamId: id,
        dutyMode: duty?.mode ?? dutyModes.off,
        lastChange: duty ? isoTime(duty.since) : null,
        onDutyTime: 0,
        overdue: false,
      };
    });
}

export function teamInfo(store: Signl4Store, team: Team) {
  const { id, name, memberIds } = team;
  return {
    id,
    name,
    memberIds,
    subscriptionId: store.subscriptionId,
    timezone: 'Etc/UTC',
    setupProgressEnabled: false,
  };
}

export function webhookInfo(store: Signl4Store, { id, name, url, teamId, enabled, description }: Webhook) {
  return { id, name, extUrl: url, teamId: teamId || null, enabled, description, subId: store.subscriptionId };
}

/** ISO 8601; null for what has not happened. */
export function time(at: number | undefined): string | null {
  return at === undefined ? null : isoTime(at);
}
