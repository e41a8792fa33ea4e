import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryFiles } from './repositoryFiles';

test('files that are ignored, gone, or in a repository inside the repository are left out', () => {
	const root = mkdtempSync(join(tmpdir(), 'repository-'));
	try {
		const git = (folder: string, ...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'ignore' });
		const write = (path: string, text = '') => {
			writeFileSync(join(root, path), text);
		};
		git(root, 'init');
		write('.gitignore', 'out/\n');
		for (const folder of ['source', 'out', 'other']) mkdirSync(join(root, folder));
		git(join(root, 'other'), 'init');
		for (const path of ['source/kept.ts', 'source/gone.ts', 'out/built.js', 'other/theirs.ts']) write(path);
		git(root, 'add', 'source');
		rmSync(join(root, 'source/gone.ts'));
		write('source/new.ts');
		expect(repositoryFiles(root).sort()).toEqual(['.gitignore', 'source/kept.ts', 'source/new.ts']);
	} finally {
		rmSync(root, { recursive: true, force: true });
	}
});
