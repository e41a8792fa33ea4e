/** jest's global tear-down. */
import { rmSync } from 'node:fs';

export default function removeTestFolder(): void {
	if (process.env.ENGINE_TEST_FOLDER) rmSync(process.env.ENGINE_TEST_FOLDER, { recursive: true, force: true });
}
