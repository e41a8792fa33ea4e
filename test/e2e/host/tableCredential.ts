/** The credential with which the nodes reach the data tables of the n8n that they run in. */
import { randomUUID } from 'node:crypto';
import type { CredentialReference, N8nClient } from './n8nClient';

/** What the README asks for. */
export const NODE_SCOPES = [
	'dataTable:list',
	'dataTable:read',
	'dataTable:create',
	'dataTableRow:read',
	'dataTableRow:update',
	'dataTableRow:upsert',
	'dataTableRow:delete',
	'execution:list',
];

/** With a new key of n8n's own API. */
export async function createTableCredential(client: N8nClient, scopes = NODE_SCOPES): Promise<CredentialReference> {
	const apiKey = await client.createApiKey(`nodes-${randomUUID()}`, scopes);
	const data = { apiKey, baseUrl: client.baseUrl };
	return await client.createCredential({ name: 'N8n Data Table account', type: 'n8nDataTableApi', data });
}
