/** n8n's data tables over the public API (`/api/v1`); bodies as in `dist/public-api/v1/openapi.yml` of the installed n8n. */
import type { IDataObject } from 'n8n-workflow';
import { N8nHttp } from './n8nHttp';

export interface DataTable {
	id: string;
	name: string;
}

export interface DataTableColumn {
	name: string;
	type: 'string' | 'number' | 'boolean' | 'date';
}

export interface DataTableFilter {
	type: 'and' | 'or';
	filters: Array<{ columnName: string; condition: string; value: string | number | boolean | null }>;
}

/** All that a test of data tables needs, for `N8nClient.createApiKey`. */
export const DATA_TABLE_SCOPES = [
	'dataTable:list',
	'dataTable:read',
	'dataTable:create',
	'dataTableRow:read',
	'dataTableRow:create',
	'dataTableRow:update',
];

interface Page<T> {
	data: T[];
	nextCursor: string | null;
}

const ROWS_PER_PAGE = '100';

export class DataTablesClient {
	private readonly http: N8nHttp;

	constructor(baseUrl: string, apiKey: string) {
		this.http = new N8nHttp(baseUrl, { 'X-N8N-API-KEY': apiKey });
	}

	async createTable(name: string, columns: DataTableColumn[]): Promise<DataTable> {
		return await this.http.readJson('POST', '/api/v1/data-tables', { body: { name, columns } });
	}

	async listTables(): Promise<DataTable[]> {
		return await this.readPages('/api/v1/data-tables', {});
	}

	/** Needs the scope `dataTable:delete`. */
	async deleteTable(tableId: string): Promise<void> {
		await this.http.send('DELETE', `/api/v1/data-tables/${tableId}`);
	}

	/** @returns the rows with the `id` that n8n gave them */
	async insertRows(tableId: string, rows: IDataObject[]): Promise<IDataObject[]> {
		const body = { data: rows, returnType: 'all' };
		return await this.http.readJson('POST', `/api/v1/data-tables/${tableId}/rows`, { body });
	}

	/** All rows, however many pages they fill. */
	async listRows(tableId: string, filter?: DataTableFilter): Promise<IDataObject[]> {
		const query: Record<string, string> = filter ? { filter: JSON.stringify(filter) } : {};
		return await this.readPages(`/api/v1/data-tables/${tableId}/rows`, query);
	}

	/** @returns the rows as they are now */
	async updateRows(tableId: string, filter: DataTableFilter, data: IDataObject): Promise<IDataObject[]> {
		const body = { filter, data, returnData: true };
		return await this.http.readJson('PATCH', `/api/v1/data-tables/${tableId}/rows/update`, { body });
	}

	private async readPages<T>(path: string, query: Record<string, string>): Promise<T[]> {
		const found: T[] = [];
		let cursor: string | null = null;
		do {
			const page: Page<T> = await this.http.readJson('GET', path, {
				query: { ...query, limit: ROWS_PER_PAGE, ...(cursor ? { cursor } : {}) },
			});
			found.push(...page.data);
			cursor = page.nextCursor;
		} while (cursor);
		return found;
	}
}
