import { readAlert } from '../domain/alert.ts';
import { memberAt, textOf } from '../domain/json.ts';
import { isOwnComment } from './comment.ts';
import { plainText } from './html-text.ts';

/** Comments by people, as plain text. */
export function newComments(comments: readonly unknown[]): readonly string[] {
  return comments.flatMap((comment) => {
    const message = textOf(memberAt(comment, 'properties', 'message')) ?? '';
    return isOwnComment(message) ? [] : [plainText(message)];
  });
}

/** Alerts that came later, one line each. */
export function newAlerts(alerts: readonly unknown[]): readonly string[] {
  return alerts.flatMap((resource) => {
    const alert = readAlert(resource);
    if (!alert) return [];
    const marks = [alert.severity, alert.product].filter((mark) => mark).join(', ');
    const description = alert.description.trim();
    return [`New alert: ${alert.title.trim()}${marks && ` (${marks})`}${description && `\n${description}`}`];
  });
}
