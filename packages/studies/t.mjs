import { createLocalPool, openRecords, parseStudy, runStudy } from '@bitnetmcu/studies';
const study=parseStudy({name:'t',base:{network:'fc-1k',epochs:3,augmentation:'none'},configurations:[{name:'a'},{name:'b',config:{learningRate:0.003}}],seeds:4,targets:['ch32v003']});
const records=openRecords('/tmp/st/rec'); const runner=createLocalPool({processes:2});
const t=performance.now();
const r=await runStudy(study,{records,runner,onEnd:(e)=>console.log((performance.now()-t).toFixed(0),e.index,e.label,e.known,e.record.status,e.record.seconds?.toFixed(2),e.record.validation?.integer, e.record.message)});
console.log(r.status,r.runs.length); records.close();
