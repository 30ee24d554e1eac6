import type { Alert } from '../domain/alert.ts';
import { isOwnComment } from './comment.ts';
import { plainText } from './html-text.ts';

/** The comments written by people, as plain text. */
export function newComments(messages: readonly string[]): readonly string[] {
  return messages.filter((message) => !isOwnComment(message)).map(plainText);
}

/** Alerts added later, one line each. */
export function newAlerts(alerts: readonly Alert[]): readonly string[] {
  return alerts.map((alert) => {
    const marks = [alert.severity, alert.product].filter((mark) => mark).join(', ');
    const description = alert.description.trim();
    return `New alert: ${alert.title.trim()}${marks && ` (${marks})`}${description && `\n${description}`}`;
  });
}
