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

package dev.outbox.lab.limits;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * Does something again and again, with a short pause when there was nothing to do.
 */
final class LoopingThread implements SmartLifecycle, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(LoopingThread.class);

	private final CountDownLatch stop = new CountDownLatch(1);

	private final Callable<Boolean> work;

	private final Runnable close;

	private final Thread thread = new Thread(this::loop, "lab-loop");

	private volatile boolean running;

	LoopingThread(Callable<Boolean> work, Runnable close) {
		this.work = work;
		this.close = close;
		this.thread.setDaemon(true);
	}

	/**
	 * Return the settings of a producer that sends as much as it can at once: its default
	 * of 5 ms to gather is no loss to those who do not wait for single events.
	 */
	static Map<String, Object> producer(String servers) {
		return Map.of("bootstrap.servers", servers, "acks", "all", "batch.size", 131_072, "key.serializer",
				ByteArraySerializer.class, "value.serializer", ByteArraySerializer.class);
	}

	static ProducerRecord<byte[], byte[]> toRecord(String topic, String key, byte[] value) {
		return new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value);
	}

	@Override
	public void start() {
		this.running = true;
		this.thread.start();
	}

	private void loop() {
		try {
			boolean stopped = false;
			while (!stopped) {
				stopped = this.stop.await(this.work.call() ? 0 : 5, TimeUnit.MILLISECONDS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Exception ex) {
			if (this.running) {
				logger.error("The loop has ended", ex);
			}
		}
	}

	@Override
	public void stop() {
		this.running = false;
		this.stop.countDown();
		this.thread.interrupt();
		try {
			this.thread.join(5000);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public void destroy() {
		this.close.run();
	}

}
