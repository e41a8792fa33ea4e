/**
 * n8n's editor in a headless Chromium, signed in as the owner. Elements are found by n8n's own `data-test-id`; a new version
 * of n8n that renames one is adapted to here.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { readSharedN8n, type SharedN8n } from '../sharedN8n';
import { findChromium } from './findChromium';

export interface EditorOptions {
	width?: number;
	/** A tall window shows a whole panel without scrolling. */
	height?: number;
	/** Default: the n8n of the test run. */
	n8n?: Pick<SharedN8n, 'baseUrl' | 'sessionCookie'>;
}

/** As a container or a root shell needs it; nothing is fetched but what n8n serves. */
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
/** The machine may be busy, and the editor's first load is large. */
const TIMEOUT_MS = 60_000;
const SECTION_PADDING = 16;

export class Editor {
	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
		private readonly baseUrl: string,
	) {}

	static async open({ width = 1400, height = 1000, n8n = readSharedN8n() }: EditorOptions = {}): Promise<Editor> {
		const browser = await chromium.launch({ executablePath: findChromium(), args: FLAGS, headless: true });
		const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
		const [name, value] = n8n.sessionCookie.split('=');
		await context.addCookies([{ name, value, url: n8n.baseUrl }]);
		const page = await context.newPage();
		page.setDefaultTimeout(TIMEOUT_MS);
		return new Editor(browser, page, n8n.baseUrl);
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	/** An element by n8n's own name for it. */
	element(testId: string, within: Page | Locator = this.page): Locator {
		return within.locator(`[data-test-id="${testId}"]`);
	}

	async openPath(path: string): Promise<void> {
		await this.page.goto(`${this.baseUrl}${path}`);
	}

	async openNewWorkflow(): Promise<void> {
		await this.openPath('/workflow/new');
		await this.element('canvas-wrapper').waitFor();
	}

	/** Ready when the nodes are on the canvas. */
	async openWorkflow(id: string): Promise<void> {
		await this.openPath(`/workflow/${id}`);
		await this.element('canvas-node').first().waitFor();
	}

	nodeOnCanvas(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** The panel of a node that the canvas shows. */
	async openNode(name: string): Promise<void> {
		await this.nodeOnCanvas(name).dblclick();
		await this.panel.waitFor();
		// The collections come as the last.
		await this.element('collection-parameter-add', this.panel).last().waitFor();
	}

	async closeNode(): Promise<void> {
		await this.element('ndv-close-button').click();
		await this.panel.waitFor({ state: 'detached' });
	}

	/** The open node's parameters. */
	get panel(): Locator {
		return this.element('node-parameters');
	}

	/** The parameters that are to be seen, in their order; not those of the tab Settings. */
	get parameterItems(): Locator {
		return this.panel.locator('[data-test-id="parameter-item"]:visible');
	}

	parameter(name: string): Locator {
		return this.element(`parameter-input-${name}`, this.panel);
	}

	/** Chooses from a drop-down list by the text that a person reads. */
	async choose(parameterName: string, label: string): Promise<void> {
		await this.parameter(parameterName).click();
		await this.page.getByRole('option', { name: label, exact: true }).locator('visible=true').click();
	}

	/** The text of a drop-down list or a text field. */
	async readValue(parameterName: string): Promise<string> {
		return await this.parameter(parameterName).locator('input, textarea').last().inputValue();
	}

	/** The panel's column from the tabs down to the last parameter. */
	async takePanelPicture(file: string): Promise<void> {
		const column = await boxOf(this.panel);
		const last = await boxOf(this.parameterItems.last());
		const clip = { ...column, height: last.y + last.height + SECTION_PADDING - column.y };
		await this.takePicture(file, clip);
	}

	async takePicture(file: string, clip?: { x: number; y: number; width: number; height: number }): Promise<void> {
		mkdirSync(dirname(file), { recursive: true });
		await this.page.screenshot({ path: file, clip, animations: 'disabled', caret: 'hide' });
	}
}

async function boxOf(element: Locator) {
	const box = await element.boundingBox();
	if (!box) throw new Error('An element of the panel is not to be seen');
	return box;
}
