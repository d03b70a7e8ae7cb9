import { RunExecutor, checkpointFolder, comparable } from '@bitnetmcu/studies/internal';
import { parseTrainingConfig } from '@bitnetmcu/trainer';
const ex=new RunExecutor(); const cp=checkpointFolder('/tmp/st/cp');
for (const aug of ['none',undefined]) for (let seed=1;seed<=4;seed++) {
 const config=parseTrainingConfig({network:'fc-1k',epochs:seed==1?2:10,seed,augmentation:aug});
 const c0=process.cpuUsage(); const t=performance.now();
 const {record,model}=await ex.execute({config,targets:[],test:false},{checkpoints:cp});
 const c=process.cpuUsage(c0); const ep=record.epochs.reduce((s,e)=>s+e.seconds,0);
 console.log(aug,seed,'wall',(performance.now()-t).toFixed(0),'epochs',(1000*ep).toFixed(0),'cpu',(c.user+c.system)/1000|0,record.validation.float.accuracy,record.validation.integer.accuracy,record.model.slice(0,8),model.length,record.weightBytes);
}
console.log(JSON.stringify(comparable((await ex.execute({config:parseTrainingConfig({network:'fc-1k',epochs:1}),targets:['ch32v003'],test:true})).record)).slice(-1500));
