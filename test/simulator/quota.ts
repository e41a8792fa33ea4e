/**
 * What a key has used. Money is taken at create and given back when the task fails, as the public gateway software
 * does; CometAPI promises neither.
 */
import type { Service } from './service';

const UNITS_PER_DOLLAR = 500_000;

export function toQuota(usDollars: number): number {
	return Math.round(usDollars * UNITS_PER_DOLLAR);
}

export function readQuotaUsed(service: Service, apiKey: string): number {
	return [...service.tasks.values()]
		.filter((task) => task.details.ownerKey === apiKey && task.stateAt(service.now()).rowStatus !== 'FAILURE')
		.reduce((used, task) => used + task.details.quota, service.native.fees.get(apiKey) ?? 0);
}

export function readQuotaLeft(service: Service, apiKey: string): number {
	return service.grantedQuota - readQuotaUsed(service, apiKey);
}
