import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer, type AddressInfo, type Server } from "node:net";
import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import { userTypeProvider } from "../../provider/userType.ts";

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL("../..", import.meta.url));
const preload = fileURLToPath(new URL("../../node/preload.cjs", import.meta.url));

/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return
   -- the SDK ships its generated gRPC stubs without usable types. */
const rpc: any = require("@pulumi/pulumi/proto/provider_grpc_pb.js");
const messages: any = require("@pulumi/pulumi/proto/provider_pb.js");
const { Struct }: any = require("google-protobuf/google/protobuf/struct_pb.js");

export type Properties = Record<string, unknown>;

/** The real dynamic-provider process of the Pulumi SDK, spoken to as the engine speaks to it. */
export class ProviderProcess {
  private readonly child: ChildProcess;
  private readonly client: any;
  /** Stands for the engine: a provider ends itself when nobody listens there. */
  private readonly engine: Server;
  /** What the process wrote on standard error; the engine shows it to the user. */
  stderr = "";

  /** What the state keeps of the provider. */
  private readonly line: string;

  private constructor(child: ChildProcess, engine: Server, port: string, line: string) {
    this.child = child;
    this.line = line;
    this.engine = engine;
    this.client = new rpc.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    child.stderr?.on("data", (chunk: Buffer) => (this.stderr += chunk.toString()));
  }

  /**
   * @param config the stack's configuration, without the namespace
   * @param line of the resource that is spoken of
   */
  static async start(config: Properties, line = userTypeProvider, environment: Record<string, string> = {}): Promise<ProviderProcess> {
    const script = require.resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");
    const engine = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(engine, "listening");
    const child = spawn(process.execPath, ["--require", preload, script, `127.0.0.1:${(engine.address() as AddressInfo).port}`], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [port] = (await once(child.stdout, "data")) as [Buffer];
    const provider = new ProviderProcess(child, engine, port.toString().trim(), line);
    const args = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [`proofpoint:${key}`, typeof value === "string" ? value : JSON.stringify(value)]),
    );
    const request = new messages.ConfigureRequest();
    request.setArgs(Struct.fromJavaScript(args));
    await provider.call("configure", request);
    return provider;
  }

  async check(news: Properties): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }> {
    const request = new messages.CheckRequest();
    request.setOlds(Struct.fromJavaScript({}));
    request.setNews(this.withProvider(news));
    const response = await this.call("check", request);
    const failures = response.getFailuresList().map((failure: any) => ({ property: failure.getProperty(), reason: failure.getReason() }));
    return { inputs: response.getInputs().toJavaScript(), failures };
  }

  async diff(id: string, olds: Properties, news: Properties): Promise<{ changes: boolean; replaces: string[] }> {
    const request = new messages.DiffRequest();
    request.setId(id);
    request.setOlds(this.withProvider(olds));
    request.setNews(this.withProvider(news));
    const response = await this.call("diff", request);
    return { changes: response.getChanges() === messages.DiffResponse.DiffChanges.DIFF_SOME, replaces: response.getReplacesList() };
  }

  async create(inputs: Properties): Promise<{ id: string; outs: Properties }> {
    const request = new messages.CreateRequest();
    request.setProperties(this.withProvider(inputs));
    const response = await this.call("create", request);
    return { id: response.getId(), outs: response.getProperties().toJavaScript() };
  }

  async read(id: string, properties: Properties): Promise<{ id: string; props: Properties; inputs: Properties | undefined }> {
    const request = new messages.ReadRequest();
    request.setId(id);
    request.setProperties(this.withProvider(properties));
    const response = await this.call("read", request);
    return { id: response.getId(), props: response.getProperties()?.toJavaScript(), inputs: response.getInputs()?.toJavaScript() };
  }

  async update(id: string, olds: Properties, news: Properties): Promise<Properties> {
    const request = new messages.UpdateRequest();
    request.setId(id);
    request.setOlds(this.withProvider(olds));
    request.setNews(this.withProvider(news));
    return (await this.call("update", request)).getProperties().toJavaScript();
  }

  async delete(id: string, properties: Properties): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setId(id);
    request.setProperties(this.withProvider(properties));
    await this.call("delete", request);
  }

  /** What happens when the CLI is killed. */
  async loseEngine(): Promise<void> {
    this.engine.close();
    await this.ended();
  }

  async stop(): Promise<void> {
    this.client.close();
    this.child.kill();
    this.engine.close();
    await this.ended();
  }

  private withProvider(properties: Properties): unknown {
    return Struct.fromJavaScript({ ...properties, __provider: this.line });
  }

  private async ended(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, "exit");
  }

  /** Rejects with an Error whose message is what the engine would show. */
  private call(method: string, request: unknown): Promise<any> {
    return new Promise((resolve, reject) => {
      this.client[method](request, (error: grpc.ServiceError | null, response: unknown) => {
        if (error) reject(new Error(error.details));
        else resolve(response);
      });
    });
  }
}
