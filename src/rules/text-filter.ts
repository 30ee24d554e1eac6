import { cut } from '../domain/text.ts';
import type { TemplateFilter } from './placeholder.ts';

/** Applies a filter to a string; `join` and `first` have already turned the list into a string. */
export function applyTextFilter(text: string, filter: TemplateFilter): string {
  switch (filter.name) {
    case 'upper':
      return text.toUpperCase();
    case 'lower':
      return text.toLowerCase();
    case 'truncate':
      return cut(text, filter.count);
    case 'default':
      return text === '' ? filter.text : text;
    case 'join':
    case 'first':
      return text;
  }
}
