/**
 * What a person does in n8n's editor, over the editor's own routes (`/rest`), signed in as the owner.
 * The routes are in `dist/<area>/<area>.controller.js` of the installed n8n. Data tables: dataTablesClient.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IBinaryData, IConnections, IDataObject, INode, IPinData, IWorkflowSettings } from 'n8n-workflow';
import { Execution, type ExecutionSummary, type StoredExecution } from './execution';
import { N8nHttp, N8nRefusal } from './n8nHttp';

/** The only user of a local n8n. Guards nothing: it is printed, and n8n listens on this machine only. */
export const LOCAL_OWNER = {
	email: 'owner@example.com',
	firstName: 'Local',
	lastName: 'Owner',
	password: 'Local-n8n-1',
} as const;

export interface CredentialDefinition {
	name: string;
	type: string;
	data: IDataObject;
}

export interface CredentialReference {
	id: string;
	name: string;
	type: string;
}

export interface CredentialTest {
	status: 'OK' | 'Error';
	message: string;
}

export interface WorkflowDefinition {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	/** What nodes put out in a manual run, instead of running. */
	pinData?: IPinData;
}

export interface StoredWorkflow extends WorkflowDefinition {
	id: string;
	/** Of the draft; publishing names it. */
	versionId: string;
	/** Of what is published; null when nothing is. */
	activeVersionId: string | null;
	active: boolean;
	isArchived: boolean;
}

export interface ExecutionFilter {
	workflowId?: string;
	status?: string[];
	/** Default 20, at most 100. */
	limit?: number;
}

export interface NodeTypeSummary {
	name: string;
	displayName: string;
	version: number | number[];
}

interface PublicationStatus {
	status: 'in_progress' | 'published' | 'partial' | 'failed' | 'not_published';
	triggers: Array<{ nodeId: string; errorMessage: string | null }>;
}

const WAIT_TIMEOUT_MS = 120_000;
const PUBLICATION_TIMEOUT_MS = 30_000;
const CHECK_MS = 200;

export class N8nClient {
	private constructor(
		private readonly http: N8nHttp,
		/** `n8n-auth=…`; for a browser, or for another client of the same session. */
		readonly sessionCookie: string,
	) {}

	get baseUrl(): string {
		return this.http.baseUrl;
	}

	/** Creates the owner in a new n8n, signs in to one that has an owner. n8n allows five sign-ins a minute. */
	static async signIn(baseUrl: string): Promise<N8nClient> {
		const http = new N8nHttp(baseUrl);
		const settings = await http.readData<{ userManagement: { showSetupOnFirstLoad: boolean } }>(
			'GET',
			'/rest/settings',
		);
		const { email, password } = LOCAL_OWNER;
		const response = settings.userManagement.showSetupOnFirstLoad
			? await http.send('POST', '/rest/owner/setup', { body: LOCAL_OWNER })
			: await http.send('POST', '/rest/login', { body: { emailOrLdapLoginId: email, password } }).catch(explainSignIn);
		const cookie = response.headers.getSetCookie().find((header) => header.startsWith('n8n-auth='));
		if (!cookie) throw new Error(`n8n at ${baseUrl} gave no session`);
		return N8nClient.resume(baseUrl, cookie.split(';')[0]);
	}

	/** @param sessionCookie of another client */
	static resume(baseUrl: string, sessionCookie: string): N8nClient {
		return new N8nClient(new N8nHttp(baseUrl, { cookie: sessionCookie }), sessionCookie);
	}

	/** All node types that this n8n offers. */
	async listNodeTypes(): Promise<NodeTypeSummary[]> {
		return await this.http.readJson('GET', '/types/nodes.json');
	}

	/** @param scopes of the public API, e.g. `dataTable:list` @returns the key itself, which n8n shows only once */
	async createApiKey(label: string, scopes: string[]): Promise<string> {
		const body = { label, expiresAt: null, scopes };
		return (await this.http.readData<{ rawApiKey: string }>('POST', '/rest/api-keys', { body })).rawApiKey;
	}

	async createCredential(definition: CredentialDefinition): Promise<CredentialReference> {
		return await this.http.readData('POST', '/rest/credentials', { body: definition });
	}

	async updateCredential(id: string, definition: CredentialDefinition): Promise<CredentialReference> {
		return await this.http.readData('PATCH', `/rest/credentials/${id}`, { body: definition });
	}

	async listCredentials(): Promise<CredentialReference[]> {
		return await this.http.readData('GET', '/rest/credentials');
	}

	/** What the credential's dialog does when it is opened or saved. @param data values to try in place of the stored ones */
	async testCredential({ id, name, type }: CredentialReference, data?: IDataObject): Promise<CredentialTest> {
		// n8n hides secrets here, and puts the stored ones back when it is asked to test them.
		const query = { includeData: 'true' };
		const stored = await this.http.readData<{ data: IDataObject }>('GET', `/rest/credentials/${id}`, { query });
		const credentials = { id, name, type, data: { ...stored.data, ...data } };
		return await this.http.readData('POST', '/rest/credentials/test', { body: { credentials } });
	}

	async createWorkflow(definition: WorkflowDefinition): Promise<StoredWorkflow> {
		const { name, nodes, connections, settings = {}, pinData = {} } = definition;
		const body = { name, nodes, connections, settings, pinData };
		return await this.http.readData('POST', '/rest/workflows', { body });
	}

	async readWorkflow(id: string): Promise<StoredWorkflow> {
		return await this.http.readData('GET', `/rest/workflows/${id}`);
	}

	/** Without their nodes. */
	async listWorkflows(): Promise<Array<Pick<StoredWorkflow, 'id' | 'name' | 'active' | 'isArchived'>>> {
		return await this.http.readData('GET', '/rest/workflows');
	}

	/** Takes parts of a workflow. What is published stays as it is until it is published again. */
	async updateWorkflow(id: string, changes: Partial<WorkflowDefinition>): Promise<StoredWorkflow> {
		const { versionId } = await this.readWorkflow(id);
		return await this.http.readData('PATCH', `/rest/workflows/${id}`, { body: { ...changes, versionId } });
	}

	/** n8n deletes only what is archived. */
	async deleteWorkflow(id: string): Promise<void> {
		await this.http.send('POST', `/rest/workflows/${id}/archive`, { body: {} });
		await this.http.send('DELETE', `/rest/workflows/${id}`);
	}

	/** Switches the triggers on for the newest version of the workflow, and waits until n8n listens to them. */
	async publishWorkflow(id: string): Promise<StoredWorkflow> {
		const { versionId } = await this.readWorkflow(id);
		const workflow = await this.http.readData<StoredWorkflow>('POST', `/rest/workflows/${id}/activate`, {
			body: { versionId },
		});
		await this.waitForPublication(id, 'published');
		return workflow;
	}

	/** Switches the triggers off, and waits until n8n has done so. */
	async unpublishWorkflow(id: string): Promise<StoredWorkflow> {
		const workflow = await this.http.readData<StoredWorkflow>('POST', `/rest/workflows/${id}/deactivate`, { body: {} });
		await this.waitForPublication(id, 'not_published');
		return workflow;
	}

	private async waitForPublication(id: string, wanted: PublicationStatus['status']): Promise<void> {
		const deadline = Date.now() + PUBLICATION_TIMEOUT_MS;
		for (;;) {
			const found = await this.http.readData<PublicationStatus>('GET', `/rest/workflows/${id}/publication-status`);
			if (found.status === wanted) return;
			const reasons = found.triggers.flatMap(({ errorMessage }) => errorMessage ?? []).join('; ');
			if (found.status === 'failed' || found.status === 'partial' || Date.now() > deadline) {
				throw new Error(`The triggers of workflow ${id} are ${found.status} instead of ${wanted}. ${reasons}`);
			}
			await sleep(CHECK_MS);
		}
	}

	/**
	 * A manual run of everything after the trigger. n8n keeps less of it than of a published workflow's run: one that is
	 * stopped cannot be retried.
	 * @param triggerItem what the trigger puts out, for one that would wait for it, e.g. for a chat message
	 * @returns the ID of the execution, which has only begun
	 */
	async runWorkflow(id: string, triggerName: string, triggerItem?: IDataObject): Promise<string> {
		const data = triggerItem && {
			startTime: Date.now(),
			executionTime: 0,
			source: [null],
			data: { main: [[{ json: triggerItem }]] },
		};
		const body = { triggerToStartFrom: { name: triggerName, data } };
		const answer = await this.http.readData<{ executionId?: string }>('POST', `/rest/workflows/${id}/run`, { body });
		if (answer.executionId === undefined)
			throw new Error(`n8n waits for a call of the trigger ${triggerName} instead of running`);
		return answer.executionId;
	}

	/** The Stop button. n8n answers when it has told the nodes, not when they have ended. */
	async stopExecution(id: string): Promise<{ status: string }> {
		return await this.http.readData('POST', `/rest/executions/${id}/stop`);
	}

	/**
	 * Retry in the list of executions; answers when the new execution has ended.
	 * @param withCurrentWorkflow the workflow as it is now instead of as it was then
	 */
	async retryExecution(id: string, withCurrentWorkflow = false): Promise<void> {
		await this.http.send('POST', `/rest/executions/${id}/retry`, { body: { loadWorkflow: withCurrentWorkflow } });
	}

	/** The newest first. */
	async listExecutions({ workflowId, status, limit = 20 }: ExecutionFilter = {}): Promise<ExecutionSummary[]> {
		const query = { limit: String(limit), filter: JSON.stringify({ workflowId, status }) };
		return (await this.http.readData<{ results: ExecutionSummary[] }>('GET', '/rest/executions', { query })).results;
	}

	async readExecution(id: string): Promise<Execution> {
		return new Execution(await this.http.readData<StoredExecution>('GET', `/rest/executions/${id}`));
	}

	/**
	 * @param isReached default: the execution has ended
	 * @param timeoutMs default two minutes
	 */
	async waitForExecution(
		id: string,
		isReached: (execution: Execution) => boolean = ({ hasEnded }) => hasEnded,
		timeoutMs = WAIT_TIMEOUT_MS,
	): Promise<Execution> {
		const deadline = Date.now() + timeoutMs;
		for (;;) {
			const execution = await this.readExecution(id);
			if (isReached(execution)) return execution;
			if (Date.now() > deadline)
				throw new Error(`Execution ${id} is still ${execution.status} after ${timeoutMs / 1000} s`);
			await sleep(CHECK_MS);
		}
	}

	/** A file of an execution's item, by n8n's own link where n8n keeps it on disk. */
	async downloadBinary({ id, data }: IBinaryData): Promise<Buffer> {
		if (id === undefined) return Buffer.from(data, 'base64');
		const response = await this.http.send('GET', '/rest/binary-data', { query: { id, action: 'download' } });
		return Buffer.from(await response.arrayBuffer());
	}
}

function explainSignIn(error: unknown): never {
	if (error instanceof N8nRefusal && error.status === 401) {
		throw new Error(
			`The owner of this n8n is not ${LOCAL_OWNER.email}, or has another password. Use another user folder.`,
			{
				cause: error,
			},
		);
	}
	throw error;
}
