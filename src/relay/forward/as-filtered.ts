import type { Incident } from '../../domain/incident.ts';
import type { IncidentFilter } from '../../rules/choices.ts';
import { isPerson } from '../../rules/converge.ts';
import { type FilterTest, unmatched } from '../../rules/filter.ts';
import type { NameTables } from '../../rules/product-names.ts';

/*
 * An automation rule may set an incident Active before anybody was told of it. As long as no person owns it, it is as good as
 * New: the filter must not leave it out.
 */

/** Which tests an incident fails that was not sent yet; none where it is to be sent. */
export function failedTests(filter: IncidentFilter, incident: Incident, names: NameTables): readonly FilterTest[] {
  const failed = unmatched(filter, incident, names);
  if (incident.status !== 'Active' || isPerson(incident.owner)) return failed;
  return unmatched(filter, { ...incident, status: 'New' }, names).length === 0 ? [] : failed;
}

/** The filter that lists whatever `failedTests` may let through. */
export function listingFilter(filter: IncidentFilter): IncidentFilter {
  const isMissing = filter.statuses.includes('New') && !filter.statuses.includes('Active');
  return isMissing ? { ...filter, statuses: [...filter.statuses, 'Active'] } : filter;
}
