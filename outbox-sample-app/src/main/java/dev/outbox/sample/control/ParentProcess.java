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

package dev.outbox.sample.control;

import java.io.IOException;
import java.io.OutputStream;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.web.client.RestClient;

/**
 * The launcher that has started this instance. It hears when the instance is ready, and
 * the instance does not outlive it.
 */
@Component
@ConditionalOnProperty("sample.control")
class ParentProcess implements InitializingBean {

	private final RestClient control;

	private final String instance;

	ParentProcess(@Value("${sample.control}") String control, @Value("${sample.instance}") String instance) {
		this.control = RestClient.create(control);
		this.instance = instance;
	}

	@Override
	public void afterPropertiesSet() {
		Thread thread = new Thread(ParentProcess::endWithTheParent, "parent-process");
		thread.setDaemon(true);
		thread.start();
	}

	@EventListener
	void ready(ApplicationReadyEvent event) {
		String port = event.getApplicationContext().getEnvironment().getRequiredProperty("local.server.port");
		this.control.post().uri("/instances/{name}/ready/{port}", this.instance, port).retrieve().toBodilessEntity();
	}

	/**
	 * The parent writes nothing: the end of the input is the parent's end. The servers
	 * are gone with it, so there is nothing to be stopped in good order.
	 */
	private static void endWithTheParent() {
		try {
			System.in.transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException closed) {
			// The same as its end.
		}
		Runtime.getRuntime().halt(1);
	}

}
