// The broker, the backlog, the instances and their partitions.

import {byId, Rows, send, write} from './dom.js';

const HISTORY = 240;
const history = [];
const buttons = {RUNNING: ['stop', 'Break it'], STOPPED: ['start', 'Repair it']};
const words = {RUNNING: 'runs', STOPPING: 'is being stopped', STOPPED: 'is broken', STARTING: 'is being started', ELSEWHERE: 'not ours to break'};

function showButton(button, action, text) {
	button.hidden = !action;
	if (action) {
		button.dataset.action = action;
		write(button, text);
	}
}

function showBroker(state) {
	write(byId('broker-state'), words[state]);
	byId('broker-state').className = 'state ' + state.toLowerCase();
	showButton(byId('broker-button'), ...(buttons[state] || [null, '']));
}

function showBacklog(backlog) {
	const known = backlog.unknown === undefined;
	write(byId('waiting'), known ? String(backlog.waiting) : '?');
	write(byId('oldest'), known ? `${backlog.oldestAgeSeconds.toFixed(1)} s` : '?');
	write(byId('scheduled'), known ? String(backlog.scheduled) : '?');
	history.push(known ? backlog.waiting : 0);
	history.splice(0, history.length - HISTORY);
	draw();
}

function draw() {
	const canvas = byId('chart');
	const context = canvas.getContext('2d');
	const most = Math.max(10, ...history);
	const step = canvas.width / HISTORY;
	context.clearRect(0, 0, canvas.width, canvas.height);
	context.fillStyle = getComputedStyle(canvas).color;
	history.forEach((waiting, i) => {
		const height = (waiting / most) * (canvas.height - 2) + 1;
		context.fillRect((HISTORY - history.length + i) * step, canvas.height - height, step, height);
	});
}

function partitionsOf(instance) {
	return Object.values(instance.owned || {})[0] || [];
}

function fillInstance(row, instance) {
	write(row.querySelector('.name'), `Instance ${instance.name}`);
	row.querySelector('.swatch').className = 'swatch owner-' + instance.name;
	write(row.querySelector('.text'), instance.text);
	const [action, text] = instance.name !== 'B' ? [null, ''] : instance.state === 'STOPPED' ? ['start', 'Start it'] : instance.state === 'RUNNING' ? ['kill', 'Kill it'] : [null, ''];
	showButton(row.querySelector('button'), action, text);
}

// What the launcher knows of the processes, and what the outbox knows of those that hold a lease.
function merge(processes, leases) {
	const names = new Set([...processes, ...leases].map((instance) => instance.name));
	return [...names].sort().map((name) => {
		const process = processes.find((one) => one.name === name);
		const lease = leases.find((one) => one.name === name);
		const state = process ? process.state : 'RUNNING';
		const parts = lease ? `sends ${partitionsOf(lease).length} partitions` : 'sends nothing';
		const left = lease && state === 'STOPPED' ? `, its lease ends in ${(lease.leaseLeftMillis / 1000).toFixed(0)} s` : '';
		const where = process && process.port ? `port ${process.port}, ` : '';
		return {name, state, text: (state === 'STOPPED' ? 'is gone, ' : state === 'STARTING' ? 'starts, ' : where) + parts + left};
	});
}

function showPartitions(outbox, leases) {
	const transport = Object.values(outbox.partitions || {})[0];
	if (!transport) {
		return;
	}
	const owner = new Map();
	leases.forEach((lease) => partitionsOf(lease).forEach((part) => owner.set(part, lease.name)));
	const all = [...transport.owned, ...transport.unowned].sort((a, b) => a - b);
	const squares = byId('partitions');
	while (squares.children.length < all.length) {
		squares.append(document.createElement('span'));
	}
	all.forEach((part, i) => {
		const name = owner.get(part);
		squares.children[i].className = name ? 'owner-' + name : 'nobody';
		squares.children[i].title = `Partition ${part}: ${name ? 'instance ' + name : 'nobody sends it'}`;
	});
}

const rows = new Rows('instances', 'instance-row', (instance) => instance.name, fillInstance);

export function showMachines(control, outbox) {
	// The lease of a process that was killed may still be there beside that of its successor: the one that lasts longer counts.
	const leases = (outbox.instances || []).slice().sort((a, b) => b.leaseLeftMillis - a.leaseLeftMillis);
	showBroker(control.broker);
	showBacklog(outbox.backlog || {unknown: true});
	rows.show(merge(control.instances, leases));
	showPartitions(outbox, leases);
}

export function listenToMachines() {
	byId('broker-button').addEventListener('click', (event) => send(`control/broker/${event.target.dataset.action}`));
	byId('instances').addEventListener('click', (event) => {
		if (event.target.dataset.action) {
			send(`control/instances/B/${event.target.dataset.action}`);
		}
	});
}
