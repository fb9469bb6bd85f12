// The page asks the application twice a second and shows what it says. It writes texts by textContent only: see dom.js.

import {byId, get, Rows, send, write} from './dom.js';
import {showEvents} from './events.js';
import {listenToMachines, showMachines} from './machines.js';

const ORDERS = 5;
const INTERVAL = 500;
const TOO_LONG = 20000;
const possible = {PLACED: ['pay', 'cancel', 'notes'], PAID: ['ship', 'cancel', 'notes'], SHIPPED: ['notes'], CANCELLED: ['notes']};
const form = byId('order');

function tell(ok, text) {
	byId('answer').className = ok ? 'good' : 'bad';
	write(byId('answer'), text);
}

function problem(result) {
	return result.body.detail || result.body.error || `HTTP ${result.status}`;
}

async function attempt(action) {
	try {
		await action();
	}
	catch (error) {
		tell(false, 'The application does not answer.');
	}
	await refresh();
}

function order(overrides) {
	const data = new FormData(form);
	return {customer: data.get('customer'), item: data.get('item'), quantity: Number(data.get('quantity')), ...overrides};
}

const place = (orders) => attempt(async () => {
	const results = await Promise.all(orders.map((one) => send('orders', one)));
	const failed = results.find((result) => !result.ok);
	tell(!failed, failed ? problem(failed) : results.length === 1 ? `Order ${results[0].body.id} is committed.` : `${results.length} orders are committed.`);
});

form.addEventListener('submit', (event) => {
	event.preventDefault();
	place([order()]);
});
byId('many').addEventListener('click', () => place(Array.from({length: 20}, (_, i) => order({quantity: i + 1}))));
byId('rollback').addEventListener('click', () => place([order({quantity: 101})]));

const orders = new Rows('orders', 'order-row', (one) => one.id, (row, one) => {
	write(row.querySelector('.text'), `${one.quantity} × ${one.item} for ${one.customer}`);
	write(row.querySelector('.status'), one.status.toLowerCase());
	row.querySelector('.status').className = 'status ' + one.status.toLowerCase();
	row.querySelectorAll('button').forEach((button) => {
		button.hidden = !possible[one.status].includes(button.dataset.action);
	});
});

byId('orders').addEventListener('click', (event) => {
	const action = event.target.dataset.action;
	if (action) {
		const id = event.target.closest('.order').dataset.key;
		attempt(async () => {
			const result = await send(`orders/${id}/${action}`, action === 'notes' ? {text: 'x'.repeat(TOO_LONG)} : {});
			tell(result.ok, result.ok ? `Order ${id}: committed.` : problem(result));
		});
	}
});

const dead = new Rows('dead', 'dead-row', (letter) => String(letter.number), (row, letter) => {
	row.dataset.order = letter.key;
	write(row.querySelector('.type'), letter.eventType);
	write(row.querySelector('.text'), letter.error);
	write(row.querySelector('.id'), letter.eventId);
	row.querySelector('[data-action="repair"]').hidden = letter.eventType !== 'order.noted';
});

function change(letter, number, action) {
	const path = `actuator/outboxdeadletters/${number}`;
	const operator = 'the page';
	switch (action) {
		case 'discard':
			return send(`${path}?operator=${encodeURIComponent(operator)}`, {}, 'DELETE');
		case 'repair':
			return send(path, {action, operator, payload: JSON.stringify({orderId: letter.dataset.order, note: 'x'.repeat(100)})});
		default:
			return send(path, {action, operator});
	}
}

byId('dead').addEventListener('click', (event) => {
	const action = event.target.dataset.action;
	if (action) {
		const letter = event.target.closest('.letter');
		attempt(async () => {
			const result = await change(letter, letter.dataset.key, action);
			tell(result.ok, result.ok ? result.body.message : problem(result));
		});
	}
});

function showOrders(all) {
	orders.show(all.slice(0, ORDERS));
	byId('no-orders').hidden = all.length > 0;
}

function showDead(letters) {
	dead.show(letters);
	byId('dead-card').hidden = letters.length === 0;
}

async function refresh() {
	try {
		const [journeys, all, control, outbox, page] = await Promise.all(
			['journeys', 'orders', 'control', 'actuator/outbox', 'actuator/outboxdeadletters?limit=10'].map(get));
		showEvents(journeys);
		showOrders(all);
		showMachines(control, outbox);
		showDead(page.letters);
		byId('offline').hidden = true;
	}
	catch (error) {
		byId('offline').hidden = false;
	}
}

async function poll() {
	if (!document.hidden) {
		await refresh();
	}
	setTimeout(poll, INTERVAL);
}

listenToMachines();
poll();
