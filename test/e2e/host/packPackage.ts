import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_NAME, PROJECT_FOLDER } from './projectFolder';
import { runCommand, runNpm } from './runCommand';

/**
 * Puts what npm would publish where n8n keeps its community packages, in the place of what was there.
 * @param userFolder what n8n gets as N8N_USER_FOLDER
 * @returns the folder of the unpacked package
 * @throws when the package is not built
 */
export async function packPackage(userFolder: string): Promise<string> {
	if (!existsSync(join(PROJECT_FOLDER, 'dist', 'nodes')))
		throw new Error('There is no dist/ to pack. Run: npm run build');
	const { version } = JSON.parse(readFileSync(join(PROJECT_FOLDER, 'package.json'), 'utf8')) as { version: string };
	const nodesFolder = join(userFolder, '.n8n', 'nodes');
	const packageFolder = join(nodesFolder, 'node_modules', PACKAGE_NAME);
	rmSync(packageFolder, { recursive: true, force: true });
	mkdirSync(packageFolder, { recursive: true });

	const logFile = join(userFolder, 'pack.log');
	const packing = ['pack', '--ignore-scripts', '--pack-destination', nodesFolder];
	await runNpm(packing, { folder: PROJECT_FOLDER, logFile });
	const tarball = join(nodesFolder, `${PACKAGE_NAME}-${version}.tgz`);
	await runCommand('tar', ['-xzf', tarball, '-C', packageFolder, '--strip-components=1'], {
		folder: nodesFolder,
		logFile,
	});
	rmSync(tarball);

	const definition = { name: 'installed-nodes', private: true, dependencies: { [PACKAGE_NAME]: version } };
	writeFileSync(join(nodesFolder, 'package.json'), JSON.stringify(definition, null, 2));
	return packageFolder;
}
