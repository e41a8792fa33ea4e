/** jest's global set-up: one folder for what the engines of all test files leave behind. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function createTestFolder(): void {
	process.env.ENGINE_TEST_FOLDER = mkdtempSync(join(tmpdir(), 'n8n-engines-'));
}
