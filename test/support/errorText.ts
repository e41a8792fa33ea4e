import type { ITaskData } from 'n8n-workflow';

/** What the user reads of an error in n8n: headline, then description. */
export function errorText(error: ITaskData['error'] | undefined): string {
	return [error?.message, error && 'description' in error ? error.description : ''].filter(Boolean).join('\n');
}
