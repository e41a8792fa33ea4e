/** What n8n-core reads from the environment while it loads; import this before it. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

process.env.N8N_USER_FOLDER ??= mkdtempSync(join(process.env.ENGINE_TEST_FOLDER ?? tmpdir(), 'n8n-engine-'));
process.env.N8N_ENCRYPTION_KEY ??= 'key-of-a-throw-away-engine';
process.env.N8N_LOG_LEVEL ??= 'silent';
process.env.N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS ??= 'false';
process.env.N8N_RUNNERS_ENABLED ??= 'false';
