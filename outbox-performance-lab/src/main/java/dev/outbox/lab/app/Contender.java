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

package dev.outbox.lab.app;

import java.util.Map;
import java.util.function.Consumer;

import org.springframework.context.ApplicationContext;

/**
 * An application with one of the libraries.
 */
public interface Contender {

	/**
	 * Return the configuration of the application.
	 */
	Class<?> application();

	/**
	 * Return the properties of the application.
	 * @param relay whether it delivers events, or only writes them
	 * @param tuned whether a careful user has been at them
	 */
	Map<String, Object> properties(boolean relay, boolean tuned);

	/**
	 * Return what publishes an event in the transaction of the caller.
	 * @param context the application
	 */
	Consumer<LabEvent> publisher(ApplicationContext context);

}
