/** What scenarios with data tables add: a credential for n8n's own API, a look into the table. */
import { randomUUID } from 'node:crypto';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { withCredential } from './exampleWorkflows';
import { DATA_TABLE_SCOPES, DataTablesClient } from './host/dataTablesClient';
import type { CredentialReference, N8nClient, StoredWorkflow, WorkflowDefinition } from './host/n8nClient';
import type { Scenario } from './scenario';
import { TRIGGER } from './workflowParts';

const DEFAULT_TABLE = 'CometAPI Tasks';

/** With both credentials chosen. */
export async function importWithTable(
	scenario: Scenario,
	credential: CredentialReference,
	definition: WorkflowDefinition,
): Promise<StoredWorkflow> {
	return await scenario.importWorkflow(withCredential(definition, credential));
}

/**
 * A look into tables as a person has it, apart from the key of the nodes. Looks once: n8n loads its public API with the first
 * request, which can take longer on a busy machine than the nodes wait.
 */
export async function openTables(client: N8nClient): Promise<DataTablesClient> {
	const scopes = [...DATA_TABLE_SCOPES, 'dataTable:delete'];
	const tables = new DataTablesClient(client.baseUrl, await client.createApiKey(`tests-${randomUUID()}`, scopes));
	await tables.listTables();
	return tables;
}

/** @returns undefined as long as there is no such table */
export async function readRows(tables: DataTablesClient, name = DEFAULT_TABLE): Promise<IDataObject[] | undefined> {
	const table = (await tables.listTables()).find((candidate) => candidate.name === name);
	return table ? await tables.listRows(table.id) : undefined;
}

/** What the trigger has put out in all ended executions of the workflow, in the order in which they began. */
export async function readHandedOver(
	client: N8nClient,
	workflowId: string,
	nodeName = TRIGGER,
): Promise<INodeExecutionData[]> {
	const ended = await client.listExecutions({ workflowId, status: ['success', 'error'] });
	const executions = await Promise.all(ended.map(async ({ id }) => await client.readExecution(id)));
	return executions.reverse().flatMap((execution) => execution.output(nodeName).flat());
}
