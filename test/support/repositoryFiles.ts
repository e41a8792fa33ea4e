/** The files of a repository as git sees them: what is ignored is none of it, nor is another repository in a folder of it. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Paths from `root`, of files that exist: committed ones, and new ones that git does not ignore. */
export function repositoryFiles(root: string): string[] {
	const output = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
		cwd: root,
		encoding: 'utf8',
	});
	// A folder with a repository of its own is one entry, which ends with a slash.
	return output.split('\0').filter((path) => path !== '' && !path.endsWith('/') && existsSync(join(root, path)));
}
