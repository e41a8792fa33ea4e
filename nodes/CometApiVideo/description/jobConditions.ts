/** When a parameter is shown: with which operations. */
import type { INodeProperties } from 'n8n-workflow';
import { OFFERED_JOBS } from '../providers';
import { JOBS } from '../providers/jobs';
import type { JobId } from '../providers/jobs';

export type DisplayConditions = NonNullable<INodeProperties['displayOptions']>;
export type ShowConditions = NonNullable<DisplayConditions['show']>;

/** With these jobs; operations of one name under several resources are meant together. */
export function showJobs(jobs: readonly JobId[]): { resource: string[]; operation: string[] } {
	return {
		resource: [...new Set(jobs.map((job) => JOBS[job].resource))],
		operation: [...new Set(jobs.map((job) => JOBS[job].operation))],
	};
}

/** With every operation that creates something at CometAPI. */
export const EVERY_JOB = showJobs(OFFERED_JOBS);
