/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package com.example.toyoutbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.outbox.FailureKind;
import dev.outbox.OutboxException;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OpenSends;
import dev.outbox.transport.OpenSends.OpenSend;
import dev.outbox.transport.OutboxTransport;

/**
 * Appends events to files of a directory: one for each destination, which somebody has to
 * create, with a line of key and payload for each event. An event is acknowledged when
 * the disk has it.
 */
public final class LogFileTransport implements OutboxTransport {

	/**
	 * By which destinations refer to this transport.
	 */
	public static final String NAME = "logfile";

	private static final String OURS = "outbox.";

	private final Path directory;

	private final OpenSends sends;

	private final ExecutorService thread = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, NAME);
		thread.setDaemon(true);
		return thread;
	});

	private boolean closed;

	/**
	 * Creates the transport.
	 * @param directory where the files are
	 * @param clock tells when an event was acknowledged
	 */
	public LogFileTransport(Path directory, Clock clock) {
		this.directory = directory;
		this.sends = new OpenSends(clock);
	}

	@Override
	public String name() {
		return NAME;
	}

	/**
	 * One thread writes, so that lines are whole and in the order of the calls.
	 */
	@Override
	public synchronized void send(List<? extends Delivery> batch) {
		if (this.closed) {
			throw new OutboxException("The transport '" + NAME + "' is closed. Nothing was sent");
		}
		List<OpenSend> added = batch.stream().map(this.sends::add).toList();
		this.thread.execute(() -> added.forEach(this::write));
	}

	private void write(OpenSend send) {
		OutboxRecord event = send.pending();
		if (event == null) {
			return;
		}
		TreeSet<String> unknown = new TreeSet<>(event.options().keySet());
		unknown.removeIf((option) -> option.startsWith(OURS));
		if (!unknown.isEmpty()) {
			send.fail(new SendFailure(FailureKind.UNAVAILABLE,
					"this version does not know the option '" + unknown.first() + "'", null, false));
			return;
		}
		try {
			append(send, event);
		}
		catch (InvalidPathException ex) {
			send.fail(new SendFailure(FailureKind.FATAL, "no file can have the name of the destination", ex));
		}
		catch (IOException ex) {
			send.fail(new SendFailure(FailureKind.UNAVAILABLE, "the file cannot be written: " + ex.getMessage(), ex));
		}
	}

	private void append(OpenSend send, OutboxRecord event) throws IOException {
		String name = event.destination().name();
		Path file = this.directory.resolve(name);
		if (!this.directory.equals(file.getParent()) || !Files.isRegularFile(file)) {
			send.fail(new SendFailure(FailureKind.UNAVAILABLE,
					"there is no file '" + name + "' in the directory. Create it, it may be empty", null, false));
			return;
		}
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
			long position = channel.position();
			ByteBuffer line = ByteBuffer.wrap(line(event).getBytes(StandardCharsets.US_ASCII));
			while (line.hasRemaining()) {
				channel.write(line);
			}
			channel.force(false);
			send.acknowledge(name + ":" + position);
		}
	}

	private static String line(OutboxRecord event) {
		byte[] key = event.keyBytes();
		Base64.Encoder encoder = Base64.getEncoder();
		return ((key != null) ? encoder.encodeToString(key) : "-") + ' ' + encoder.encodeToString(event.payload())
				+ '\n';
	}

	@Override
	public void close() {
		synchronized (this) {
			this.closed = true;
		}
		this.thread.shutdown();
		this.sends.failAll(new SendFailure(FailureKind.UNAVAILABLE, "the transport was closed", null));
	}

}
