import { isIPv4, isIPv6 } from 'node:net';
import { type ArmValue, argumentError, Placeholder } from '../value.ts';
import { type ArmFunctions, fn, numberArg, textArg } from './signature.ts';

/** "CIDR functions for ARM templates" for IPv4; for IPv6 they return placeholders. */
export const addressFunctions: ArmFunctions = {
  parsecidr: fn(1, 1, (args, _, name) => {
    const text = textArg(args, 0, name);
    const range = rangeOf(text, name);
    if (!range) return new Placeholder(`parseCidr(${text})`);
    const { network, length } = range;
    const last = network + sizeOf(length) - 1;
    return {
      network: addressText(network),
      netmask: addressText(2 ** 32 - sizeOf(length)),
      broadcast: addressText(last),
      firstUsable: addressText(network + 1),
      lastUsable: addressText(last - 1),
      cidr: length,
    };
  }),
  cidrsubnet: fn(3, 3, (args, _, name): ArmValue => {
    const text = textArg(args, 0, name);
    const length = numberArg(args, 1, name);
    const index = numberArg(args, 2, name);
    const range = rangeOf(text, name);
    if (!range) return new Placeholder(`cidrSubnet(${text})`);
    if (length < range.length || length > 32)
      throw argumentError(name, `expects a length from ${range.length} to 32, not ${length}`);
    if (index < 0 || index >= 2 ** (length - range.length))
      throw argumentError(name, `${text} has no subnet ${index} of length ${length}`);
    return `${addressText(range.network + index * sizeOf(length))}/${length}`;
  }),
  cidrhost: fn(2, 2, (args, _, name): ArmValue => {
    const text = textArg(args, 0, name);
    const index = numberArg(args, 1, name);
    const range = rangeOf(text, name);
    if (!range) return new Placeholder(`cidrHost(${text})`);
    if (index < 0 || index + 1 >= sizeOf(range.length)) throw argumentError(name, `${text} has no host ${index}`);
    return addressText(range.network + index + 1);
  }),
};

/** First address as a number, and length of the prefix; undefined for IPv6. */
function rangeOf(text: string, name: string): { readonly network: number; readonly length: number } | undefined {
  const [address = '', bits = ''] = text.split('/');
  if (isIPv6(address)) return undefined;
  const length = Number(bits);
  if (!isIPv4(address) || !/^\d{1,2}$/.test(bits) || length > 32)
    throw argumentError(name, `expects an address range such as 10.0.0.0/16, not '${text}'`);
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return { network: value - (value % sizeOf(length)), length };
}

function sizeOf(length: number): number {
  return 2 ** (32 - length);
}

function addressText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
